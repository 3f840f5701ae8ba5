/* Two to four maps side by side at one scale: the same kilometres per pixel in every pane. */
(function (window) {
  "use strict";

  const geomap = window.geomap;

  class Panes {
    /* livings: built maps. maps: the element they stand in. */
    constructor(livings, maps) {
      this.livings = livings;
      this.text = geomap.element("span", {});
      this.line = geomap.element("div", { class: "gm-scale-line" });
      this.bar = geomap.element("div", { class: "gm-scale gm-shared-scale" }, this.text, this.line);
      maps.after(this.bar);
      this.locked = true;
      this.listening = livings.map((living) => [living, { zoomend: () => this.zoomed(living), moveend: () => this.panned(living) }]);
      for (const [living, heard] of this.listening) living.map.on(heard);
    }

    leave() {
      for (const [living, heard] of this.listening) if (living.map) living.map.off(heard);
      this.bar.remove();
    }

    static scaleOf(living) {
      return geomap.kmPerPixel(living.map.getCenter().lat, living.map.getZoom());
    }

    /* The finest scale at which every region fits into its pane, set everywhere. */
    fit(bounds) {
      const needed = this.livings.map((living, i) => {
        const wish = window.L.latLngBounds([[bounds[i][1], bounds[i][0]], [bounds[i][3], bounds[i][2]]]);
        const zoom = living.map.getBoundsZoom(wish, false, window.L.point(16, 16));
        living.map.setView(wish.getCenter(), zoom, { animate: false });
        return Panes.scaleOf(living);
      });
      this.kmPerPixel = Math.max(...needed);
      this.align(null);
    }

    /* Brings every pane but one to the common scale. */
    align(lead) {
      this.aligning = true;
      for (const living of this.livings) if (living !== lead) this.hold(living);
      this.aligning = false;
      this.show();
    }

    /* Sets the zoom at which this pane, at its latitude, has the common scale. */
    hold({ map }) {
      const centre = map.getCenter();
      const zoom = geomap.zoomFor(centre.lat, this.kmPerPixel);
      if (Math.abs(zoom - map.getZoom()) > 1e-6) map.setView(centre, zoom, { animate: false });
    }

    zoomed(living) {
      if (this.aligning || !this.locked) return this.show();
      this.kmPerPixel = Panes.scaleOf(living);
      return this.align(living);
    }

    /* Panning north or south changes what a pixel spans: the zoom follows. */
    panned(living) {
      if (this.aligning || !this.locked || !this.kmPerPixel) return;
      this.aligning = true;
      this.hold(living);
      this.aligning = false;
    }

    setLocked(locked) {
      if (this.locked === locked) return;
      this.locked = locked;
      if (locked) this.kmPerPixel = Panes.scaleOf(this.livings[0]);
      if (locked) this.align(null);
      this.show();
    }

    /* One bar for all panes while they share a scale, one each when they do not. */
    show() {
      this.bar.hidden = !this.locked;
      for (const living of this.livings) living.panel.scale.box.hidden = this.locked;
      if (!this.locked || !this.kmPerPixel) return;
      const { km, pixels } = geomap.roundBar(this.kmPerPixel, 160);
      this.line.style.width = `${pixels.toFixed(2)}px`;
      this.bar.dataset.km = String(km);
      this.text.textContent = geomap.lengthText(this.livings[0].lang, km);
    }
  }

  /* Draws the area a map stands for where it is no feature of the map: a circle, a polygon. */
  geomap.drawRegion = function (living, ring) {
    const { map } = living;
    const wanted = JSON.stringify(ring || []);
    if (!map || living.region === wanted) return;
    living.region = wanted;
    if (living.regionLayer) living.regionLayer.remove();
    living.regionLayer = null;
    if (!ring || ring.length === 0) return;
    const style = { pane: "gm-chosen", interactive: false, className: "gm-outline gm-region" };
    living.regionLayer = window.L.polygon(ring, style).addTo(map);
  };

  geomap.Panes = Panes;
})(window);
