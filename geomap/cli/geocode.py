"""`geomap geocode`: places as text, one or a table of them, to units and points."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geomap.cli.console import FAULTS, OK, put, say
from geomap.cli.export import Language, LanguageOption
from geomap.cli.language import language, words

if TYPE_CHECKING:
    from geomap.geocode import Location


class Provider(StrEnum):
    """Services that can be asked by name."""

    nominatim = "nominatim"
    photon = "photon"
    baidu = "baidu"
    amap = "amap"
    tianditu = "tianditu"


class RowFormat(StrEnum):
    """How answers are written."""

    csv = "csv"
    jsonl = "jsonl"
    xlsx = "xlsx"


StatedOption = Annotated[str | None, typer.Option(help="cli.geocode.stated")]
DegreesOption = Annotated[float | None, typer.Option(help="cli.geocode.degrees")]


def geocode(
    source: Annotated[
        str | None,
        typer.Argument(metavar="INPUT", help="cli.geocode.input"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="cli.geocode.output"),
    ] = None,
    form: Annotated[
        RowFormat | None,
        typer.Option("--format", help="cli.geocode.format"),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(metavar="TITLE", help="cli.geocode.sheet"),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="cli.geocode.resume")] = False,
    provider: Annotated[
        list[Provider] | None,
        typer.Option(
            "--provider",
            help="cli.geocode.provider",
        ),
    ] = None,
    finer: Annotated[bool, typer.Option("--finer", help="cli.geocode.finer")] = False,
    text: Annotated[
        str | None, typer.Option("--text", metavar="PLACE", help="cli.geocode.text")
    ] = None,
    province: StatedOption = None,
    city: StatedOption = None,
    county: StatedOption = None,
    context: StatedOption = None,
    lat: DegreesOption = None,
    lon: DegreesOption = None,
    datum: Annotated[str | None, typer.Option(help="cli.geocode.datum")] = None,
    lang: LanguageOption = Language.en,
) -> None:
    """Find the official unit and the point of places, in English, Chinese or pinyin."""
    stated: dict[str, Any] = {
        "province": province,
        "city": city,
        "county": county,
        "context": context,
    }
    stated |= {"lat": lat, "lon": lon, "datum": datum}
    services = [one.value for one in provider or ()]
    _check_ways(source, text, form, stated)
    if text is not None:
        from geomap.geocode.stream import geocode_text

        answer = geocode_text(text, providers=services, finer=finer, **stated)
        put(_answer(answer, form, lang.value), output)
    elif source is not None:
        from geomap.geocode.stream import geocode_file

        report = geocode_file(
            source,
            output,
            output_format=form.value if form else None,
            sheet=sheet,
            resume=resume,
            providers=services,
            finer=finer,
            lang=language(),
        )
        say(words("cli.geocode.done", report=report.words.say(language())))
        raise typer.Exit(FAULTS if report.exit_code else OK)


def _check_ways(
    source: str | None, text: str | None, form: RowFormat | None, stated: dict[str, object]
) -> None:
    """Refuse command lines that name both a file and a text, or neither, or half a position."""
    if (source is None) == (text is None):
        raise typer.BadParameter(words("cli.geocode.either"), param_hint="INPUT")
    extra = [name for name, value in stated.items() if value is not None]
    if source is not None and extra:
        hint = f"--{extra[0]}"
        raise typer.BadParameter(words("cli.geocode.only_text"), param_hint=hint)
    if text is not None and form is RowFormat.xlsx:
        raise typer.BadParameter(words("cli.geocode.only_file"), param_hint="--format xlsx")
    if ("lat" in extra) != ("lon" in extra):
        raise typer.BadParameter(words("cli.geocode.both"), param_hint="--lat, --lon")
    if "datum" in extra and "lat" not in extra:
        raise typer.BadParameter(words("cli.geocode.only_position"), param_hint="--datum")


def _answer(answer: Location, form: RowFormat | None, lang: str) -> str:
    if form is None:
        from geomap.geocode.answer_text import render_answer

        return render_answer(answer, lang) + "\n"
    from geomap.geocode.table_write import result_values

    values = {"text": answer.text, **result_values(answer)}
    if form is RowFormat.jsonl:
        return json.dumps(values, ensure_ascii=False) + "\n"
    import pandas as pd

    from geomap.export import csv_text

    cells = {n: json.dumps(v, ensure_ascii=False) if n in _NESTED else v for n, v in values.items()}
    return csv_text(pd.DataFrame([cells]))


_NESTED = ("candidates", "flags")
