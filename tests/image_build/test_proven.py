"""CI proves an image again when what it is made of has changed, and only then."""

import shutil
import subprocess
from pathlib import Path

import pytest

RECIPE = Path(__file__).resolve().parents[2] / "image"


class Checkout:
    """A small one, whose image was proven as it is."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("image/build.sh", "device/appliance/card.py", "device/panel.py"):
            self.write(name, "as it was")
        self.write("requirements.lock", "aiohttp==1")
        shutil.copy(RECIPE / "proven.sh", root / "image")
        self._git("init", "--quiet")
        self.commit()
        self.write("image/proven", self.proven("--inputs").stdout)
        self.commit()

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self) -> None:
        self._git("add", ".")
        self._git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "so")

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, check=True)

    def proven(self, *options: str) -> subprocess.CompletedProcess[str]:
        script = ["sh", "image/proven.sh", *options]
        return subprocess.run(script, cwd=self.root, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_what_was_proven_is_not_proven_again_and_why_is_said(checkout: Checkout) -> None:
    done = checkout.proven()
    assert done.returncode == 0
    assert "not run: nothing the image is made of has changed" in done.stdout


@pytest.mark.parametrize(
    "name", ["image/build.sh", "device/appliance/card.py", "requirements.lock"]
)
def test_a_change_of_what_the_image_is_made_of_is_proven_anew(
    checkout: Checkout, name: str
) -> None:
    checkout.write(name, "otherwise")
    done = checkout.proven()
    assert (done.returncode, done.stdout.splitlines()[1:]) == (1, [name])


def test_a_file_that_came_and_one_that_went_count(checkout: Checkout) -> None:
    checkout.write("image/hooks/10-new", "new")
    (checkout.root / "image/build.sh").unlink()
    checkout.commit()
    assert checkout.proven().stdout.split()[-2:] == ["image/build.sh", "image/hooks/10-new"]


def test_a_script_that_nobody_may_run_any_more_counts(checkout: Checkout) -> None:
    (checkout.root / "image/build.sh").chmod(0o755)
    checkout.commit()
    assert checkout.proven().returncode == 1


def test_the_rest_of_the_program_does_not_count(checkout: Checkout) -> None:
    checkout.write("device/panel.py", "otherwise")
    assert checkout.proven().returncode == 0


def test_what_was_never_proven_has_to_be(checkout: Checkout) -> None:
    (checkout.root / "image/proven").unlink()
    assert checkout.proven().returncode == 1
