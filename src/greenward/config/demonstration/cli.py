"""``greenward demo``: serve, load and clear the demonstration."""

import click
from django.utils.translation import gettext as _

from greenward.config import serve as serving
from greenward.config.demonstration import load as loading
from greenward.core import console


@click.group()
def demo() -> None:
    """Show Beijing's real communities with marked made-up data, as of 2022-09-15."""


@demo.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@console.no_database
def serve(port: int) -> None:
    """Serve the demonstration on 127.0.0.1 until Ctrl-C."""
    serving.serve(port)


@demo.command("load")
def load_demonstration() -> None:
    """Fill an empty database with the demonstration; a loaded one stays as it is."""
    console.note(_("演示数据已经在库中，没有改动。") if loading.is_loaded() else _("正在载入演示数据……"))
    loading.load()


@demo.command("clear")
@click.option("--yes", is_flag=True, help="Do not ask.")
def clear_demonstration(*, yes: bool) -> None:
    """Empty a demonstration database as a whole, with everything entered since."""
    if not yes:
        click.confirm(_("将清空整个演示库，包括之后录入的全部内容。继续？"), abort=True)
    loading.clear()
    console.note(_("演示库已清空。"))


commands: list[click.Command] = [demo]
