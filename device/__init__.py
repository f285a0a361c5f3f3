"""The application: a panel that stands beside a desk phone."""

VERSION = "0.1.0"
