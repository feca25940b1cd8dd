"""Languages as forms name them ("Welsh (cy)"), and as BCP 47 tags ("cy")."""

import re
from zlib import crc32

TAG = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_IN_BRACKETS = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)\s*$")
_NAMES = {
    "am": "Amharic",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gd": "Scottish Gaelic",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "my": "Burmese",
    "ne": "Nepali",
    "nl": "Dutch",
    "no": "Norwegian",
    "pa": "Punjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "so": "Somali",
    "sq": "Albanian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_OWN_NAMES = {
    "cymraeg": "cy",
    "deutsch": "de",
    "español": "es",
    "espanol": "es",
    "farsi": "fa",
    "français": "fr",
    "francais": "fr",
    "italiano": "it",
    "kiswahili": "sw",
    "nederlands": "nl",
    "polski": "pl",
    "português": "pt",
    "portugues": "pt",
    "română": "ro",
    "türkçe": "tr",
}
_TAGS = {name.lower(): tag for tag, name in _NAMES.items()} | _OWN_NAMES


def known(name: str) -> str | None:
    """The tag of a language that a form names, or None."""
    bracketed = _IN_BRACKETS.search(name)
    if bracketed:
        head, _, tail = bracketed[1].partition("-")
        return f"{head.lower()}-{tail}" if tail else head.lower()
    lowered = name.strip().lower()
    if lowered in _TAGS:
        return _TAGS[lowered]
    head = lowered.split("(")[0].strip()
    return lowered if TAG.match(lowered) and len(lowered.split("-")[0]) <= 3 else _TAGS.get(head)


def tag(name: str) -> str:
    """The tag of a language; for one that we do not know, `mis` ("no code of its own") with what tells it apart."""
    return known(name) or f"mis-{crc32(name.strip().lower().encode()):08x}"


def named(language: str) -> str:
    """How a form names the language of a tag."""
    name = _NAMES.get(language.partition("-")[0])
    return f"{name or language} ({language})"
