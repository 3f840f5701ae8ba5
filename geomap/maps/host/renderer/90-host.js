/* The stage inside the Streamlit page: holds one map, or several panes, and their words. */
(function (window) {
  "use strict";

  const geomap = window.geomap;

  /* Brings the stage in line with the data the page handed over. */
  geomap.host = async function (host, parent, data, tools) {
    await words(data);
    if (!host.stage) host.stage = new geomap.Stage(parent, tools);
    await host.stage.show(data);
  };

  async function words(data) {
    if (Object.keys(geomap.words).length === 0) {
      geomap.words = await geomap.read(data.base, data.words, "json");
    }
  }

  class Stage {
    constructor(parent, tools) {
      this.tools = tools;
      this.frame = geomap.element("div", { class: "geomap" });
      parent.append(this.frame);
    }

    async show(data) {
      this.frame.style.setProperty("--gm-height", data.height || "");
      this.frame.dataset.theme = data.state.theme === "auto" ? geomap.themeOf(this.frame) : data.state.theme;
      if (this.hash !== data.map.hash) await this.build(data);
      this.living.apply(data.state);
    }

    async build(data) {
      this.close();
      document.documentElement.dataset.geomapReady = "false";
      await this.tools.loadScript(data.base + data.map.url);
      const root = geomap.element("div", { id: "geomap-map", class: "gm-map", role: "region" });
      this.frame.append(root);
      this.living = geomap.build(data.map.hash, root, {
        base: data.base,
        lang: data.state.lang,
        on: (name, value) => this.hear(name, value),
      });
      this.hash = data.map.hash;
      this.living.begin(data.state.at);
      this.living.ready().then(() => {
        document.documentElement.dataset.geomapReady = "true";
        this.living.select(this.living.selected);
      });
    }

    hear(name, value) {
      if (name === "click") this.tools.click(value);
      else this.tools.state(name, value);
    }

    close() {
      if (!this.living) return;
      this.living.close();
      this.living.root.remove();
      this.living = this.hash = null;
      delete document.documentElement.dataset.geomapReady;
    }
  }

  /* "dark" when the page behind the map is dark. */
  geomap.themeOf = function (element) {
    const colour = window.getComputedStyle(element).getPropertyValue("--st-background-color").trim();
    const probe = geomap.element("span", { style: `color:${colour || "white"};display:none` });
    element.append(probe);
    const parts = (window.getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
    probe.remove();
    return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] < 128 ? "dark" : "light";
  };

  geomap.Stage = Stage;
})(window);
