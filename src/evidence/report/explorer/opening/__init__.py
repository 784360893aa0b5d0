"""`evidence explore` opens the notebook ready: the server warms its kernel, the page runs its cells.

JupyterLab runs nothing when a notebook is opened, and has no setting for it. What it does have is used: the command
names a server extension (`ready`) and a folder of labextensions (``labextension``: one short file that needs no build)
for the one server it starts. Nothing is installed, and no other notebook is touched.
"""
