"""The kernel of one notebook; how it ended is known after papermill has let go of it."""

from __future__ import annotations

from typing import ClassVar

from jupyter_client.manager import AsyncKernelManager


class Kernel(AsyncKernelManager):
    """A kernel as papermill starts it.

    Attributes:
        exit_code: of this process's kernel, negative for a signal; None while it lives or was asked to end.
    """

    exit_code: ClassVar[int | None] = None

    # AsyncKernelManager differs from its own base class in the same way.
    async def is_alive(self) -> bool:  # type: ignore[override]
        """Whether its process is there."""
        if self.provisioner is not None and (code := await self.provisioner.poll()) is not None:
            Kernel.exit_code = code
        return bool(await super().is_alive())
