/* The keyboard's way through a canvas: one button that walks from mark to mark. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  class Rover {
    constructor(points) {
      this.points = points;
      this.item = null;
      this.button = geomap.element("button", { type: "button", class: "gm-rover" });
      const icon = L.divIcon({ html: this.button, className: "gm-rover-anchor", iconSize: null });
      const { map } = points.living;
      map.createPane("gm-rover").style.zIndex = "580";
      this.marker = L.marker(map.options.center, { icon, pane: "gm-rover", keyboard: false, interactive: false });
      this.marker.addTo(map);
      this.button.addEventListener("keydown", (event) => this.key(event));
      this.button.addEventListener("focus", () => this.arrive());
      this.button.addEventListener("click", (event) => {
        event.stopPropagation();
        if (this.item) points.act(this.item);
      });
    }

    /* After a redraw: stay with the item nearest to where the button was. */
    settle() {
      const at = this.item || this.middle();
      this.item = this.nearest(at);
      this.place();
    }

    middle() {
      const { map } = this.points.living;
      return map.latLngToLayerPoint(map.getCenter());
    }

    nearest(at) {
      let best = null;
      let least = Infinity;
      for (const item of this.points.items) {
        const apart = Math.hypot(item.x - at.x, item.y - at.y);
        if (apart < least) [best, least] = [item, apart];
      }
      return best;
    }

    place() {
      this.button.hidden = !this.item;
      if (!this.item) return;
      const { map } = this.points.living;
      this.marker.setLatLng(map.layerPointToLatLng([this.item.x, this.item.y]));
      this.button.style.setProperty("--gm-r", `${this.item.r + 5}px`);
      this.name();
    }

    name() {
      const { item } = this;
      if (!item) return;
      const number = this.points.living.say("map.cluster", { count: item.count });
      this.button.setAttribute("aria-label", number);
      if (document.activeElement !== this.button) return;
      this.points.label(item).then((words) => item === this.item && this.button.setAttribute("aria-label", words));
    }

    arrive() {
      this.name();
      this.show();
    }

    show() {
      const { item } = this;
      const at = this.marker.getLatLng();
      this.points.describe(item).then((body) => item === this.item && this.points.tip(at, body));
    }

    key(event) {
      if (!(event.key in ARROWS)) return;
      event.preventDefault();
      event.stopPropagation();
      const next = geomap.inDirection(this.item, this.points.items, ARROWS[event.key]);
      if (!next) return;
      this.item = next;
      this.place();
      const { map } = this.points.living;
      if (!map.getBounds().contains(this.marker.getLatLng())) map.panTo(this.marker.getLatLng(), { animate: false });
      this.show();
    }
  }

  /* The nearest of several {x, y} in a direction from one of them. */
  geomap.inDirection = function (from, others, [dx, dy]) {
    let best = null;
    let least = Infinity;
    for (const other of others) {
      const along = (other.x - from.x) * dx + (other.y - from.y) * dy;
      const aside = Math.abs((other.x - from.x) * dy) + Math.abs((other.y - from.y) * dx);
      const cost = along + 2 * aside;
      if (along > 0 && aside <= 2 * along && cost < least) [best, least] = [other, cost];
    }
    return best;
  };

  geomap.Rover = Rover;
})(window);
