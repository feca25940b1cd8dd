"""A plain page for trying queries out in a browser, which loads nothing from elsewhere, so that it works offline; and
`logic.js`, which works out a questionnaire's expressions where people answer it."""

from pathlib import Path

FOLDER = Path(__file__).parent
FILES = ("page.js", "page.css", "logic.js", *(f"logic/{file.name}" for file in sorted(FOLDER.glob("logic/*.js"))))
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
