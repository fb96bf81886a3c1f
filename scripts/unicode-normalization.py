"""Writes src/Inference/Tokenization/Unicode/normalization.txt from the Unicode data of this Python.

    python3 scripts/unicode-normalization.py > src/Inference/Tokenization/Unicode/normalization.txt

A line for each character that normalisation forms care about: the code point in hexadecimal, its canonical combining
class in decimal, and where it decomposes the kind and the code points of one step: "=" canonical and composed again by
NFC, "-" canonical but excluded from composition, "~" compatibility only. Hangul syllables decompose by arithmetic.
"""
import sys
import unicodedata


def lines():
    for code in range(0x110000):
        character = chr(code)
        combining = unicodedata.combining(character)
        mapping = unicodedata.decomposition(character)
        if not combining and not mapping:
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
