"""What every HTML page of ours begins and ends with."""

from __future__ import annotations

from pathlib import Path


def framed(title: str, body: str, *styles: Path, kind: str = "") -> str:
    """A page that loads nothing from anywhere; `title` and `body` are escaped already."""
    kept = f' class="{kind}"' if kind else ""
    style = "".join(file.read_text(encoding="utf-8") for file in styles)
    return f"""<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body{kept}>
{body}
</body>
</html>
"""
