"""Server extension of `evidence explore`: the notebook's kernel starts, and reads the trials, while the page loads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

#: Environment variable with the notebook that is opened; the command sets it for the server it starts.
NOTEBOOK = "EVIDENCE_EXPLORE"
_LABEXTENSIONS = Path(__file__).parent / "labextension"
_WARM = "from evidence.report.explorer.widget import warm; warm(); del warm"


def options(notebook: Path) -> list[str]:
    """Options with which JupyterLab opens a notebook ready; ``NOTEBOOK`` has to name it, too."""
    return [
        f"--ServerApp.jpserver_extensions={__name__}=True",
        f"--LabApp.extra_labextensions_path={_LABEXTENSIONS}",
        str(notebook),
    ]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Tell the page which notebook to run, and start its kernel as soon as the server listens."""
    notebook = os.path.relpath(os.environ[NOTEBOOK], server.root_dir).replace(os.sep, "/")
    server.web_app.settings.setdefault("page_config_data", {})["evidenceExplore"] = notebook
    server.io_loop.add_callback(_warmed, server, notebook)


async def _warmed(server: Any, notebook: str) -> None:
    """A kernel for the notebook, as JupyterLab would start it; it reads the trials before anybody asks."""
    session = await server.session_manager.create_session(
        path=notebook, name=Path(notebook).name, type="notebook", kernel_name="python3"
    )
    client = server.kernel_manager.get_kernel(session["kernel"]["id"]).client()
    client.start_channels()
    client.execute(_WARM, silent=True, store_history=False)
