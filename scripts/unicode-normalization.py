"""Writes src/Inference/Tokenization/Unicode/normalization.txt from the Unicode data of this Python.

    python3 scripts/unicode-normalization.py > src/Inference/Tokenization/Unicode/normalization.txt

A line for each character that normalisation forms care about: the code point in hexadecimal, its canonical combining
class in decimal, and where it decomposes the kind and the code points of one step: "=" canonical and composed again by
NFC, "-" canonical but excluded from composition, "~" compatibility only. Hangul syllables decompose by arithmetic.

Left out is what came after Unicode 9: the tokenizers library for which models are made has the tables of that version, and
ids have to be the same.
"""
import sys
import unicodedata

AFTER_UNICODE_9 = """
    7FD 898-89F 8CA-8D3 9FE C3C D3B-D3C EBA 1715 1ABF-1ACE 1DF6-1DFA 32FF A7F2-A7F4 A82C AB69 10781-10785 10787-107B0
    107B2-107BA 10D24-10D27 10EAB-10EAC 10F46-10F50 10F82-10F85 11070 1133B 1145E 11839-1183A 11938 1193D-1193E 11943 119E0
    11A34 11A47 11A99 11D42 11D44-11D45 11D97 16FF0-16FF1 1E130-1E136 1E2AE 1E2EC-1E2EF 1F16C 1FBF0-1FBF9
"""


def is_newer(code):
    for span in AFTER_UNICODE_9.split():
        first, _, last = span.partition("-")
        if int(first, 16) <= code <= int(last or first, 16):
            return True
    return False


def lines():
    for code in range(0x110000):
        character = chr(code)
        combining = unicodedata.combining(character)
        mapping = unicodedata.decomposition(character)
        if is_newer(code) or (not combining and not mapping):
            continue
        if not mapping:
            yield f"{code:X} {combining}"
        elif mapping.startswith("<"):
            yield f"{code:X} {combining} ~ {short(mapping.split()[1:])}"
        else:
            kind = "=" if unicodedata.normalize("NFC", character) == character else "-"
            yield f"{code:X} {combining} {kind} {short(mapping.split())}"


def short(codes):
    return " ".join(f"{int(code, 16):X}" for code in codes)


sys.stdout.write("".join(f"{line}\n" for line in lines()))
