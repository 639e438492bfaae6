// From a chart model to an ECharts option. Texts of values are the server's; positions alone are floating-point numbers.

import type { EChartsCoreOption } from "echarts/core";
import { displayTick } from "../number.ts";
import { fitted, isHorizontal, type ChartKind, type ChartModel, type Series } from "./model.ts";
import { between, inkOn, type Palette } from "./palette.ts";

export interface Focus {
    category: number;
    series: number;
}

type Tip = (focus: Focus) => HTMLElement;

const shorten = (text: string, most: number): string =>
    text.length <= most ? text : `${text.slice(0, Math.ceil(most / 2))}…${text.slice(text.length - Math.floor(most / 2) + 1)}`;

export function seriesColour(palette: Palette, series: Series, at: number): string {
    return series.folded ? palette.other : palette.series[at % palette.series.length]!;
}

/** The box beside the pointer: made of elements and texts, so that no name of the data can be anything but text. */
function tooltipBox(title: string, lines: { colour: string | null; name: string; text: string }[], note: string | null): HTMLElement {
    const box = document.createElement("div");
    box.className = "tip";
    const add = (parent: HTMLElement, tag: string, className: string, text: string): HTMLElement => {
        const element = document.createElement(tag);
        element.className = className;
        element.textContent = text;
        parent.append(element);
        return element;
    };
    add(box, "div", "tip-title", title);
    for (const line of lines) {
        const row = add(box, "div", "tip-row", "");
        if (line.colour) add(row, "span", "tip-dot", "").style.background = line.colour;
        add(row, "span", "tip-name", line.name);
        add(row, "span", "tip-value", line.text);
    }
    if (note) add(box, "div", "tip-note", note);
    return box;
}

const MOST_TIP_LINES = 9;
const BARELY = 0.03;

function tipFor(model: ChartModel, palette: Palette): Tip {
    return ({ category, series }) => {
        const place = model.categories[category];
        const some = model.series.some((line) => line.marks[category]?.number);
        const lines = model.series
            .map((line, at) => ({ colour: model.series.length > 1 ? seriesColour(palette, line, at) : null, name: model.series.length > 1 ? line.name : model.measure, mark: line.marks[category]!, at }))
            .filter((line) => line.mark.value !== null && (!some || !model.seriesColumn || line.at === series || line.mark.number !== 0))
            .sort((a, b) => (model.seriesColumn ? Math.abs(b.mark.number ?? 0) - Math.abs(a.mark.number ?? 0) : a.at - b.at))
            .slice(0, MOST_TIP_LINES)
            .map((line) => ({ colour: line.colour, name: line.name, text: line.mark.text }));
        return tooltipBox(place?.name ?? "", lines, place?.partial ? "not complete yet" : null);
    };
}

function axisStyle(palette: Palette) {
    return {
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: palette.quiet, fontSize: 12, fontFamily: palette.font },
        splitLine: { lineStyle: { color: palette.line, width: 1 } },
    };
}

function base(palette: Palette): EChartsCoreOption {
    return {
        animation: false,
        textStyle: { fontFamily: palette.font, color: palette.text },
        tooltip: {
            confine: true,
            backgroundColor: palette.surface,
            borderColor: palette.line,
            borderWidth: 1,
            padding: 0,
            extraCssText: "border-radius:8px;box-shadow:0 6px 24px rgb(0 0 0 / 18%)",
            textStyle: { color: palette.text, fontSize: 13, fontFamily: palette.font },
        },
    };
}

function legend(model: ChartModel, palette: Palette, width: number): object {
    return {
        show: model.series.length > 1,
        type: "scroll",
        top: 0,
        left: 0,
        right: 0,
        itemWidth: 12,
        itemHeight: 12,
        itemGap: 14,
        icon: "roundRect",
        textStyle: { color: palette.text, fontSize: 12, fontFamily: palette.font },
        pageTextStyle: { color: palette.quiet },
        pageIconColor: palette.text,
        pageIconInactiveColor: palette.line,
        formatter: (name: string) => shorten(name.slice(name.indexOf("\u0000") + 1), width < 700 ? 18 : 26),
    };
}

/** ECharts tells series apart by their name; two may be called alike, so that a number is put before. */
const innerName = (series: Series, at: number): string => `${at}\u0000${series.name}`;

function cartesian(model: ChartModel, kind: ChartKind, palette: Palette, width: number): EChartsCoreOption {
    const across = isHorizontal(model, kind);
    const stacked = kind === "stacked" || (kind === "area" && model.series.length > 1);
    const line = kind === "line" || kind === "area";
    const names = model.categories.map((category) => category.name);
    const longest = Math.min(width < 520 ? 18 : 38, Math.max(4, ...names.map((name) => name.length)));
    const labelWidth = Math.min(width * 0.42, longest * 7 + 8);
    const style = axisStyle(palette);
    // A credit of some cents below zero is no reason for an axis that goes far below it.
    const numbers = model.series.flatMap((series) => series.marks.map((mark) => mark.number ?? 0));
    const least = Math.min(...numbers), most = Math.max(...numbers);
    const barely = least < 0 && -least < BARELY * most;
    const valueAxis = {
        type: "value",
        ...style,
        ...(barely ? { min: least } : {}),
        axisLabel: { ...style.axisLabel, formatter: (value: number) => displayTick(value, model.unit), hideOverlap: true, ...(barely ? { showMinLabel: false } : {}) },
        ...(model.unit === "percent" && !across && least >= 0 && most > 60 && most <= 100 ? { max: 100, interval: 25 } : {}),
        splitNumber: across ? Math.max(2, Math.min(5, Math.floor((width - labelWidth) / 110))) : 4,
    };
    const categoryAxis = {
        type: "category",
        data: names.map((_, at) => String(at)),
        ...style,
        inverse: across,
        boundaryGap: !line,
        splitLine: { show: false },
        axisLine: { show: !across, lineStyle: { color: palette.line }, onZero: true },
        axisLabel: {
            ...style.axisLabel,
            color: palette.text,
            hideOverlap: !across,
            interval: across ? 0 : "auto",
            formatter: (index: string) => shorten(names[Number(index)] ?? "", across ? longest : 22),
            ...(across ? { width: labelWidth, overflow: "truncate" } : {}),
        },
    };
    const partial = model.categories.findIndex((category) => category.partial);
    return {
        ...base(palette),
        legend: legend(model, palette, width),
        grid: {
            left: across ? labelWidth + 12 : 8,
            right: across ? 84 : 16,
            top: model.series.length > 1 ? 36 : 14,
            bottom: across ? 26 : 8,
            ...(across ? { outerBoundsMode: "none" } : { outerBoundsMode: "same", outerBoundsContain: "axisLabel" }),
        },
        xAxis: across ? valueAxis : categoryAxis,
        yAxis: across ? categoryAxis : valueAxis,
        series: model.series.map((series, at) => {
            const colour = seriesColour(palette, series, at);
            const last = partial > 0 && line ? partial - 1 : -1;
            return {
                name: innerName(series, at),
                type: line ? "line" : "bar",
                ...(stacked ? { stack: "all" } : {}),
                data: series.marks.map((mark, index) => ({
                    value: mark.number,
                    ...(!line && model.categories[index]?.partial ? { itemStyle: { opacity: 0.55 } } : {}),
                })),
                color: colour,
                barMaxWidth: across ? 22 : 56,
                barCategoryGap: across ? "34%" : "28%",
                barGap: "12%",
                itemStyle: line ? {} : { borderRadius: stacked ? 0 : across ? [0, 3, 3, 0] : [3, 3, 0, 0] },
                ...(line
                    ? {
                          showSymbol: series.marks.length <= 14 && !stacked,
                          symbolSize: 6,
                          lineStyle: { width: stacked ? 1 : 2.2 },
                          ...(kind === "area" ? { areaStyle: { opacity: stacked ? 0.85 : 0.16 } } : {}),
                          emphasis: { focus: stacked ? "none" : "series" },
                      }
                    : {}),
                ...(across && model.series.length === 1
                    ? {
                          label: {
                              show: true,
                              position: "right",
                              color: palette.text,
                              fontSize: 12,
                              formatter: (item: { dataIndex: number }) => series.marks[item.dataIndex]?.text ?? "",
                          },
                      }
                    : {}),
                ...(at === 0 && partial >= 0 && model.time
                    ? {
                          markArea: {
                              silent: true,
                              itemStyle: { color: palette.partial },
                              label: { show: true, position: "insideTop", color: palette.quiet, fontSize: 11, formatter: "partial" },
                              data: [[{ xAxis: line ? Math.max(0, last) : partial }, { xAxis: model.categories.length - 1 }]],
                          },
                      }
                    : {}),
            };
        }),
    };
}

function heat(model: ChartModel, palette: Palette, width: number): EChartsCoreOption {
    const names = model.categories.map((category) => category.name), rows = model.series.map((series) => series.name);
    const numbers = model.series.flatMap((series) => series.marks.map((mark) => Math.abs(mark.number ?? 0)));
    const most = Math.max(...numbers, 1e-9);
    const longest = Math.min(width < 520 ? 16 : 34, Math.max(...rows.map((name) => name.length)));
    const labelWidth = Math.min(width * 0.36, longest * 7 + 8);
    const cellWidth = (width - labelWidth) / Math.max(1, names.length);
    const style = axisStyle(palette);
    // The root spreads what is small: costs of groups differ by powers of ten.
    const colour = (value: number): string => between(palette.low, value < 0 ? palette.negative : palette.high, Math.sqrt(Math.abs(value) / most));
    return {
        ...base(palette),
        grid: { left: labelWidth + 12, right: 8, top: 8, bottom: 86, outerBoundsMode: "none" },
        xAxis: {
            type: "category", data: names.map((_, at) => String(at)), ...style, splitLine: { show: false },
            axisLabel: {
                ...style.axisLabel, color: palette.text, interval: 0, hideOverlap: true,
                rotate: cellWidth < 90 ? 35 : 0,
                formatter: (index: string) => shorten(names[Number(index)] ?? "", cellWidth < 90 ? 16 : Math.floor(cellWidth / 7)),
            },
        },
        yAxis: {
            type: "category", data: rows.map((_, at) => String(at)), inverse: true, ...style, splitLine: { show: false },
            axisLabel: {
                ...style.axisLabel, color: palette.text, interval: 0, width: labelWidth, overflow: "truncate",
                formatter: (index: string) => shorten(rows[Number(index)] ?? "", longest),
            },
        },
        series: [{
            type: "heatmap",
            data: model.series.flatMap((series, y) => series.marks.map((mark, x) => {
                const fill = mark.number === null ? palette.surface : colour(mark.number);
                return {
                    value: [x, y, mark.number ?? "-"],
                    itemStyle: { color: fill, borderColor: palette.surface, borderWidth: 2, borderRadius: 3 },
                    label: { show: cellWidth >= 62 && mark.number !== null && mark.number !== 0, color: inkOn(fill), fontSize: 11, formatter: mark.text },
                };
            })),
            emphasis: { itemStyle: { borderColor: palette.text } },
        }],
    };
}

function treemap(model: ChartModel, palette: Palette): EChartsCoreOption {
    const leaf = (name: string, number: number | null, text: string, focus: Focus, colour: string) => ({
        name, value: Math.max(0, number ?? 0), text, focus, itemStyle: { color: colour },
        label: { color: inkOn(colour) },
    });
    const nested = model.series.length > 1;
    const data = model.categories.map((category, x) => {
        const colour = category.folded ? palette.other : palette.series[x % palette.series.length]!;
        if (!nested) return leaf(category.name, model.series[0]!.marks[x]!.number, model.series[0]!.marks[x]!.text, { category: x, series: 0 }, colour);
        return {
            name: category.name,
            itemStyle: { borderColor: palette.surface, borderWidth: 2 },
            children: model.series.map((series, y) => leaf(series.name, series.marks[x]!.number, series.marks[x]!.text, { category: x, series: y }, colour))
                .filter((child) => child.value > 0),
        };
    });
    return {
        ...base(palette),
        series: [{
            type: "treemap", data, top: 0, left: 0, right: 0, bottom: 0, roam: false, nodeClick: false, breadcrumb: { show: false },
            itemStyle: { borderColor: "transparent", borderWidth: 0, gapWidth: 2 },
            upperLabel: nested ? { show: true, height: 22, color: palette.text, fontSize: 12, formatter: (item: { name: string }) => item.name } : { show: false },
            levels: nested ? [{ itemStyle: { gapWidth: 4, borderWidth: 0 } }, { itemStyle: { gapWidth: 1, borderColor: palette.surface }, upperLabel: { show: true } }] : [],
            label: { fontSize: 12, lineHeight: 16, overflow: "truncate", formatter: (item: { name: string; data: { text: string } }) => `${item.name}\n${item.data.text}` },
        }],
    };
}

function sankey(model: ChartModel, palette: Palette): EChartsCoreOption {
    // The two sides may share names: a mark before keeps them apart.
    const left = model.categories.map((category, at) => ({ name: `l${at}`, label: category.name, itemStyle: { color: category.folded ? palette.other : palette.series[at % palette.series.length]! } }));
    const right = model.series.map((series, at) => ({ name: `r${at}`, label: series.name, itemStyle: { color: palette.quiet } }));
    const links = model.series.flatMap((series, y) => series.marks.flatMap((mark, x) =>
        (mark.number ?? 0) > 0 ? [{ source: `l${x}`, target: `r${y}`, value: mark.number!, text: mark.text, focus: { category: x, series: y } }] : []));
    const used = new Set(links.flatMap((link) => [link.source, link.target]));
    return {
        ...base(palette),
        series: [{
            type: "sankey", left: 4, right: 184, top: 8, bottom: 8, nodeGap: 10, nodeWidth: 14, draggable: false, layoutIterations: 24,
            data: [...left, ...right].filter((node) => used.has(node.name)), links,
            label: { color: palette.text, fontSize: 12, formatter: (item: { data: { label: string } }) => shorten(item.data.label, 24) },
            lineStyle: { color: "source", opacity: 0.32, curveness: 0.5 },
            emphasis: { focus: "adjacency" },
        }],
    };
}

interface TipItem {
    dataIndex: number;
    seriesIndex: number;
    data?: { focus?: Focus; label?: string; text?: string };
    value?: unknown;
}

/** The whole option of a chart, for a box of `width` pixels. */
export function chartOption(full: ChartModel, kind: ChartKind, palette: Palette, width: number): EChartsCoreOption {
    const model = fitted(full, kind);
    const tip = tipFor(model, palette);
    const made =
        kind === "heatmap" ? heat(model, palette, width)
        : kind === "treemap" ? treemap(model, palette)
        : kind === "sankey" ? sankey(model, palette)
        : cartesian(model, kind, palette, width);
    const byAxis = kind === "line" || kind === "area" || kind === "bar" || kind === "stacked";
    const tooltip = {
        ...(made["tooltip"] as object),
        trigger: byAxis ? "axis" : "item",
        ...(byAxis ? { axisPointer: { type: kind === "line" || kind === "area" ? "line" : "shadow", lineStyle: { color: palette.quiet }, shadowStyle: { color: palette.partial } } } : {}),
        formatter: (items: TipItem | TipItem[]) => {
            const item = Array.isArray(items) ? items[0] : items;
            if (!item) return "";
            if (byAxis) return tip({ category: item.dataIndex, series: item.seriesIndex });
            const focus = focusOf(item, kind);
            const place = focus ? model.categories[focus.category]?.name : item.data?.label;
            const series = focus && model.series.length > 1 ? model.series[focus.series] : null;
            const mark = focus ? model.series[focus.series]?.marks[focus.category] : null;
            return tooltipBox(place ?? "", mark ? [{ colour: null, name: series?.name ?? model.measure, text: mark.text }] : [], null);
        },
    };
    return { ...made, tooltip };
}

/** What was clicked or pointed at, in numbers of the fitted model. */
export function focusOf(item: TipItem, kind: ChartKind): Focus | null {
    if (item.data?.focus) return item.data.focus;
    if (kind === "heatmap" && Array.isArray(item.value)) return { category: Number(item.value[0]), series: Number(item.value[1]) };
    if (kind === "sankey" || kind === "treemap") return null;
    return { category: item.dataIndex, series: item.seriesIndex };
}
