# make demo: try the panel. make test: prove it. Both set up a .venv of this checkout first.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: demo test check pbx table pictures lock wheels pjsua2 deb image image-check figures clean

demo: $(READY)
	$(BIN)/deskpanel demo $(if $(LISTEN),--listen $(LISTEN)) $(if $(NO_BROWSER),--no-browser) $(if $(PROFILE),--profile $(PROFILE))

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered $(TESTS)

# What a reader of the code may count on: form, types, and who imports whom.
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy device hw tests

# A real Asterisk in .pbx, for the tests marked `interop`. Wants root.
pbx:
	scripts/pbx.sh

# What callers meet, measured for docs/callers.md. Wants root, and what `make pbx` builds.
table: $(READY)
	$(BIN)/python -m tests.table

# The pictures of the docs, drawn by the program.
pictures: $(READY)
	$(BIN)/python -m device.views.sheet docs/screens.png
	$(BIN)/python -m device.views.sheet docs/screens
	$(BIN)/python scripts/wiring.py
	PYTHONPATH=. $(BIN)/python scripts/picture.py docs/panel.png

# Anew from pyproject.toml, for every Python and platform at once.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --extra pi --extra busylight --extra dev --custom-compile-command "make lock" \
	    --output-file requirements.lock pyproject.toml

# What no registry has for the Pi, pjsua2 above all; and pjsua2 for this PC's own Python. The first wants root.
wheels:
	image/wheels/build.sh $(or $(ARCH),arm64 amd64)

pjsua2:
	image/wheels/build.sh --here $(PYTHON)

# Debian packages of the whole, for a Pi and for a PC. Wants root.
deb:
	image/deb/build.sh $(or $(ARCH),arm64 amd64)

# The card's image, .image/out/deskpanel-VERSION.img.zst. Wants root.
image:
	image/deb/build.sh arm64
	image/build.sh

# Boots that image in an emulator which has no network but this machine's loopback, and looks what it does.
# Wants root, and what `make pbx` builds.
image-check: $(READY) image
	PYTHON=$(BIN)/python image/check.sh $(TESTS)

# What it measured, for docs/image-inside.md.
figures: $(READY)
	$(BIN)/python scripts/figures.py

$(READY): requirements.lock pyproject.toml scripts/venv.sh
	scripts/venv.sh $(VENV)
	touch $@

clean:
	rm -rf $(VENV)
