"""`geomap geocode`: places as text, one or a table of them, to units and points."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geomap.cli.console import FAULTS, OK, put, say
from geomap.cli.export import Language, LanguageOption

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


StatedOption = Annotated[str | None, typer.Option(help="Stated beside --text: narrows it.")]
DegreesOption = Annotated[float | None, typer.Option(help="Position given with --text, degrees.")]


def geocode(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="INPUT", help="CSV, XLSX or JSONL file with a column text; - is stdin."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write there; .csv, .xlsx or .jsonl."),
    ] = None,
    form: Annotated[
        RowFormat | None,
        typer.Option("--format", help="[default: as the output's name or the input says]"),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            metavar="TITLE", help="Sheet of a workbook. [default: the first with a column text]"
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run with the same options stopped.")
    ] = False,
    provider: Annotated[
        list[Provider] | None,
        typer.Option(
            "--provider",
            help="Ask this service where the gazetteer cannot answer; needs a network, some a key"
            " in the environment. May be given several times.",
        ),
    ] = None,
    finer: Annotated[
        bool, typer.Option("--finer", help="Ask the services for finer points, too.")
    ] = False,
    text: Annotated[
        str | None, typer.Option("--text", metavar="PLACE", help="Find this one place.")
    ] = None,
    province: StatedOption = None,
    city: StatedOption = None,
    county: StatedOption = None,
    context: StatedOption = None,
    lat: DegreesOption = None,
    lon: DegreesOption = None,
    datum: Annotated[
        str | None, typer.Option(help="Datum of --lat and --lon: wgs84, gcj02 or bd09.")
    ] = None,
    lang: LanguageOption = Language.en,
) -> None:
    """Find the official unit and the point of places, in English, Chinese or pinyin.

    INPUT has a column text, and may have province, city, county, context, lat, lon and datum.
    Every row comes back, in order, with status (matched, ambiguous, not_found), level, adcode,
    names, lat, lon (WGS 84), precision, radius_km, method, what matched, and the candidates
    where the words do not decide. Exit code 1 means that rows, or the file, cannot be read;
    places that are not found are no fault. Offline, unless --provider is given.

    \b
    Examples:
      geomap geocode --text "Shengze Town, Wujiang, Suzhou"
      geomap geocode --text 鼓楼区 --city 南京 --format jsonl
      geomap geocode places.csv -o placed.csv
      geomap geocode places.xlsx --sheet 项目 -o placed.xlsx
      geomap geocode - < places.jsonl | jq .adcode
      geomap geocode places.csv -o placed.csv --provider nominatim --resume
    """
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
        )
        say(f"{report}.")
        raise typer.Exit(FAULTS if report.exit_code else OK)


def _check_ways(
    source: str | None, text: str | None, form: RowFormat | None, stated: dict[str, object]
) -> None:
    """Refuse command lines that name both a file and a text, or neither, or half a position."""
    if (source is None) == (text is None):
        raise typer.BadParameter("give either a file or --text.", param_hint="INPUT")
    extra = [name for name, value in stated.items() if value is not None]
    if source is not None and extra:
        hint = f"--{extra[0]}"
        raise typer.BadParameter("only with --text; a file has columns for it.", param_hint=hint)
    if text is not None and form is RowFormat.xlsx:
        raise typer.BadParameter("only with a file.", param_hint="--format xlsx")
    if ("lat" in extra) != ("lon" in extra):
        raise typer.BadParameter("give both or neither.", param_hint="--lat, --lon")
    if "datum" in extra and "lat" not in extra:
        raise typer.BadParameter("only with --lat and --lon.", param_hint="--datum")


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
