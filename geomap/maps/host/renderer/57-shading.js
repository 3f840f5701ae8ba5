/* Shading of provinces: a class each, a hatch for "no record"; a message, never a new map. */
(function (window) {
  "use strict";

  const geomap = window.geomap;

  /* Fills a path with a step of the ramp (0..6) or a pattern; null takes the fill away.
     Colours come from the style sheet by variable, so that they follow the theme. */
  geomap.fillOf = function (path, fill) {
    if (fill === null || fill === undefined) path.style.removeProperty("fill");
    else if (fill === "hatch") path.style.fill = "url(#gm-hatch)";
    else path.style.fill = `var(--gm-step-${Number(fill)})`;
  };

  /* The hatch pattern, once per page; inside the frame, whose theme its colours follow. */
  geomap.ensurePatterns = function (frame) {
    if (document.getElementById("gm-hatch")) return;
    const pattern = geomap.svg("pattern", { id: "gm-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      geomap.svg("rect", { width: 7, height: 7, class: "gm-hatch-ground" }),
      geomap.svg("rect", { width: 2, height: 7, class: "gm-hatch-line" }));
    const holder = geomap.svg("svg", { width: 0, height: 0, class: "gm-patterns", "aria-hidden": "true" }, geomap.svg("defs", {}, pattern));
    frame.append(holder);
  };

  /* shading: {fills: {adcode: step or "hatch"}} or nothing. */
  geomap.shade = function (layer, shading) {
    if (!layer || !layer.geojson) return;
    geomap.ensurePatterns(layer.living.root.closest(".geomap"));
    layer.geojson.eachLayer((area) => {
      const path = area.getElement();
      if (path) geomap.fillOf(path, shading ? shading.fills[area.feature.properties.adcode] ?? "hatch" : null);
    });
  };
})(window);
