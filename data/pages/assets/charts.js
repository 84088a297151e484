// Puts a chart that answers the pointer in place of each drawing; where that fails, the drawing stays.
"use strict";
(function () {
  var NUMBERS = { decimal: ".", thousands: ",", grouping: [3], currency: ["", "元"] };
  var MONTHS = ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"];
  var DAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];
  var DATES = {
    dateTime: "%Y年%-m月%-d日 %H:%M", date: "%Y年%-m月%-d日", time: "%H:%M", periods: ["上午", "下午"],
    days: DAYS, shortDays: ["日", "一", "二", "三", "四", "五", "六"], months: MONTHS, shortMonths: MONTHS
  };
  var OPTIONS = {
    actions: false,
    ast: true, // expressions are read, never evaluated: the page allows no eval
    renderer: "svg",
    defaultStyle: false, // what it would add to the page is in the stylesheet
    tooltip: { disableDefaultStyle: true },
    formatLocale: NUMBERS,
    timeFormatLocale: DATES
  };

  function enliven(figure) {
    var drawing = figure.querySelector("svg");
    var spec = JSON.parse(figure.querySelector("script").textContent);
    var stage = document.createElement("div");
    stage.className = "live";
    stage.setAttribute("role", "img");
    stage.setAttribute("aria-label", drawing.getAttribute("aria-label"));
    stage.hidden = true;
    figure.appendChild(stage);
    return window.vegaEmbed(stage, spec, OPTIONS).then(function () {
      var drawn = stage.querySelector("svg");
      drawn.setAttribute("aria-hidden", "true");
      stage.hidden = false;
      drawing.remove();
      figure.dataset.chart = "live";
    }, function () {
      stage.remove();
      figure.dataset.chart = "drawn";
    });
  }

  if (window.vegaEmbed) {
    document.querySelectorAll("[data-chart]").forEach(enliven);
  }
})();
