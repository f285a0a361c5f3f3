"""Who may import whom. The house stays as it is drawn, or the drawing is changed here."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MAY_IMPORT = {
    "device.core": {"device.core"},
    "device.views": {"device.core", "device.views", "hw.ports"},
    "hw": {"hw"},
    "device.pbx": {"device.core", "device.pbx"},
    "device.sip": {"device.core", "device.pbx", "device.sip"},
    "device.store": {"device.core", "device.codec", "device.waiting", "device.life"},
    "device.control": {"device.core", "device.views", "device.control", "hw.ports"},
    "device.demo": {"device.core", "device.pbx", "device.sip", "device.control", "device.demo"},
    "device.appliance": {
        "device.appliance",
        "device.asking",
        "device.command",
        "device.config",
        "device.tables",
    },
}
"Our own modules. `device.codec`, `device.life` and `device.waiting` are tools without opinions."

ONE_IMPORTER = {
    "busylight_core": "hw/busylight.py",
    "gpiozero": "hw/gpio.py",
    "luma": "hw/oled.py",
    "serial": "hw/serial_board.py",
    "pjsua2": "device/sip/pjsua/lib.py",
    "device.wiring": "device/running.py",
}

LIBRARIES_OF_VIEWS = {"PIL", "anyascii"}


def modules() -> Iterator[Path]:
    for package in ("device", "hw"):
        yield from sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Every module named in an import, wherever it stands in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    ours = [path for path in modules() if is_in(name(path), package)]
    assert ours
    for path in ours:
        for module in imports(path):
            if is_in(module, "device") or is_in(module, "hw"):
                allowed = any(is_in(module, may) for may in MAY_IMPORT[package])
                assert allowed, f"{name(path)} imports {module}"


@pytest.mark.parametrize("library", ONE_IMPORTER)
def test_a_library_has_one_importer(library: str) -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in modules()
        if any(is_in(module, library) for module in imports(path))
    }
    assert users <= {ONE_IMPORTER[library]}


def test_the_core_needs_nothing_but_the_standard_library() -> None:
    for path in (ROOT / "device" / "core").glob("*.py"):
        outside = {m.partition(".")[0] for m in imports(path)} - {"device"}
        assert outside <= sys.stdlib_module_names, path


def test_the_core_knows_no_clock_and_no_world() -> None:
    forbidden = {"time", "random", "threading", "asyncio", "logging", "os", "socket"}
    for path in (ROOT / "device" / "core").glob("*.py"):
        assert not {m.partition(".")[0] for m in imports(path)} & forbidden, path


def test_views_need_pillow_at_most() -> None:
    for path in (ROOT / "device" / "views").glob("*.py"):
        outside = {m.partition(".")[0] for m in imports(path)} - {"device", "hw"}
        assert outside <= sys.stdlib_module_names | LIBRARIES_OF_VIEWS, path


def test_an_update_is_judged_without_what_a_panel_is_made_of() -> None:
    code = "import sys, device.appliance.commands; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT).split()
    assert not {"PIL", "aiohttp", "device.config", "device.wiring"} & set(loaded)
