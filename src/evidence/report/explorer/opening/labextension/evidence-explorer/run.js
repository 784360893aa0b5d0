// Runs the cells of the notebook that `evidence explore` opens, once, when the page shows it.
// The container that JupyterLab expects of a federated module, by hand: nothing is imported, so nothing is built.
(() => {
  const config = JSON.parse(document.getElementById('jupyter-config-data').textContent);

  const opened = async (app, path) => {
    for (;;) {
      for (const panel of app.shell.widgets('main')) {
        if (panel.context?.path === path && panel.content?.widgets) return panel;
      }
      await new Promise(again => setTimeout(again, 50));
    }
  };

  const run = async app => {
    const panel = await opened(app, config.evidenceExplore);
    await panel.context.ready;
    await panel.sessionContext.ready;
    // A page that comes back to a kernel first takes up the widgets it has (two questions to the kernel); run before
    // that, new ones would be taken up twice, and the first click on one be lost.
    const kernel = panel.sessionContext.session?.kernel;
    for (let turn = 0; turn < 2; turn++) await kernel?.requestCommInfo({target_name: 'jupyter.widget'});
    app.shell.activateById(panel.id);
    if (window.innerWidth < 1000) app.shell.collapseLeft?.();
    await app.commands.execute('notebook:run-all-cells');
    const first = panel.content.widgets.findIndex(cell => cell.model.type === 'code');
    panel.content.activeCellIndex = Math.max(first, 0);
    panel.content.node.querySelector('.jp-WindowedPanel-outer, .jp-Notebook')?.scrollTo(0, 0);
  };

  const plugin = {
    id: 'evidence-explorer:run',
    autoStart: true,
    activate: app => {
      if (config.evidenceExplore) void run(app);
    }
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['evidence-explorer'] = {init: () => {}, get: async () => () => ({__esModule: true, default: plugin})};
})();
