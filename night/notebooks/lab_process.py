"""JupyterLab's process: it ends when the process that started it does, and its kernels with it."""

from __future__ import annotations

from jupyterlab.labapp import main as serve

from night.notebooks.parent import end_with_parent


def main() -> None:
    """Serve JupyterLab as the options of this process say."""
    end_with_parent()
    serve()


if __name__ == "__main__":
    main()
