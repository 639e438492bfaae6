// From an answer to what a chart shows: categories, series, values with their texts. No drawing here, and no knowledge of ECharts.

import type { Answer, Cell, ChartSpec, Column } from "../contract.ts";
import { addDecimal, compareDecimal, decimalNumber, displayDecimal, displayNumber, parseDecimal, ZERO, type Decimal } from "../number.ts";
import { addDays, addMonths } from "../plan.ts";
import type { IconName } from "../components/icon.tsx";

export type ChartKind = "bar" | "stacked" | "line" | "area" | "treemap" | "heatmap" | "sankey" | "number" | "table";

export const CHART_NAMES: { [kind in ChartKind]: string } = {
    bar: "Bars", stacked: "Stacked bars", line: "Lines", area: "Areas", treemap: "Treemap", heatmap: "Heat map", sankey: "Flows",
    number: "Number", table: "Table only",
};
export const CHART_ICONS: { [kind in ChartKind]: IconName } = {
    bar: "bar", stacked: "stacked", line: "line", area: "area", treemap: "treemap", heatmap: "heatmap", sankey: "sankey",
    number: "number", table: "table",
};

export interface Mark {
    value: Decimal | null;
    number: number | null; // for the position on the screen
    text: string; // for people
}

export interface Category {
    key: Cell;
    name: string;
    folded: number; // members that were folded into it, 0 for a real one
    partial: boolean; // a bucket of time that is not complete
}

export interface Series {
    key: Cell;
    name: string;
    folded: number;
    unit: string | null;
    marks: Mark[]; // one per category
}

export interface ChartModel {
    kinds: ChartKind[]; // that suit; the first suits best
    time: boolean;
    xColumn: Column | null;
    seriesColumn: Column | null;
    measure: string;
    unit: string | null;
    categories: Category[];
    series: Series[];
    negative: boolean;
    total: Decimal;
}

const NO_MARK: Mark = { value: null, number: null, text: "–" };
const MOST_BARS = 15;
const MOST_BUCKETS = 800;
const MOST_SERIES = 8;
const MOST_HEAT = { across: 24, down: 18 };
const MOST_FLOWS = 14;

const BUCKETS = new Set(["hour", "day", "week", "month", "quarter", "year", "billing_period"]);

function bucketEnd(start: string, bucket: string): string {
    switch (bucket) {
        case "day": return addDays(start, 1);
        case "week": return addDays(start, 7);
        case "month":
        case "billing_period": return addMonths(start, 1);
        case "quarter": return addMonths(start, 3);
        case "year": return addMonths(start, 12);
        default: return start;
    }
}

function mark(cell: Cell | undefined, text: string | undefined, unit: string | null): Mark {
    if (cell === null || cell === undefined) return NO_MARK;
    const value = parseDecimal(cell as string);
    return value ? { value, number: decimalNumber(value), text: text ?? displayNumber(cell as string, unit) } : NO_MARK;
}

function sum(marks: Mark[], unit: string | null): Mark {
    const values = marks.flatMap((have) => (have.value ? [have.value] : []));
    if (!values.length) return NO_MARK;
    const value = values.reduce(addDecimal, ZERO);
    return { value, number: decimalNumber(value), text: displayDecimal(value, unit) };
}

const weight = (marks: Mark[]): number => marks.reduce((all, have) => all + Math.abs(have.number ?? 0), 0);

/** Sums can be folded and stacked; shares, ratios and averages cannot. */
const isAdditive = (answer: Answer, unit: string | null): boolean => {
    const agg = answer.plan?.["agg"];
    return unit !== "percent" && !/ per /.test(unit ?? "") && !answer.plan?.["per"] && (!agg || agg === "none") && answer.plan?.intent !== "count";
};

/** Keeps the heaviest series and folds the others into one. */
function foldSeries(series: Series[], most: number): Series[] {
    if (series.length <= most) return series;
    const byWeight = [...series].sort((a, b) => weight(b.marks) - weight(a.marks));
    const kept = new Set(byWeight.slice(0, most - 1));
    const rest = series.filter((have) => !kept.has(have));
    const unit = series[0]!.unit;
    const marks = rest[0]!.marks.map((_, at) => sum(rest.map((have) => have.marks[at]!), unit));
    return [...series.filter((have) => kept.has(have)), { key: null, name: `Other (${rest.length})`, folded: rest.length, unit, marks }];
}

/** Keeps the first categories, or the heaviest where they are in no order of weight, and folds the others. */
function foldCategories(model: ChartModel, most: number): ChartModel {
    if (model.time || model.categories.length <= most) return model;
    const weights = model.categories.map((_, at) => model.series.reduce((all, series) => all + Math.abs(series.marks[at]?.number ?? 0), 0));
    const kept = weights.map((value, at) => ({ value, at })).sort((a, b) => b.value - a.value || a.at - b.at).slice(0, most - 1).map((have) => have.at);
    const keep = new Set(kept);
    const rest = model.categories.map((_, at) => at).filter((at) => !keep.has(at));
    const order = model.categories.map((_, at) => at).filter((at) => keep.has(at));
    return {
        ...model,
        categories: [...order.map((at) => model.categories[at]!), { key: null, name: `Other (${rest.length})`, folded: rest.length, partial: false }],
        series: model.series.map((series) => ({ ...series, marks: [...order.map((at) => series.marks[at]!), sum(rest.map((at) => series.marks[at]!), series.unit)] })),
    };
}

function suitable(model: ChartModel, answer: Answer, spec: ChartSpec, additive: boolean): ChartKind[] {
    const many = model.series.length > 1, split = model.seriesColumn !== null;
    const whole = additive && !model.negative;
    const kinds: ChartKind[] = [];
    if (model.time) {
        const few = model.categories.length <= 12;
        if (split && whole) kinds.push(...(few ? (["stacked", "area", "line", "bar"] as const) : (["area", "stacked", "line"] as const)));
        else if (split && additive) kinds.push(...(few ? (["stacked", "line", "bar"] as const) : (["line", "stacked"] as const)));
        else if (many) kinds.push("line", "bar");
        else kinds.push(...(few ? (["bar", "line", "area"] as const) : (["area", "line", "bar"] as const)));
        if (split) kinds.push("heatmap");
    } else if (split) {
        const transfer = answer.plan?.concepts?.some((concept) => /transfer|egress|nat/.test(concept.id) && !concept.negated) ?? false;
        if (additive) kinds.push("stacked");
        kinds.push("bar", "heatmap");
        if (whole) kinds.push("treemap", "sankey");
        const best = transfer && whole ? "sankey" : model.series.length > MOST_SERIES ? "heatmap" : kinds[0]!;
        kinds.sort((a, b) => Number(b === best) - Number(a === best));
    } else {
        kinds.push("bar");
        if (whole && !many && model.categories.length > 2) kinds.push("treemap");
    }
    const wish = answer.plan?.chart ? (spec.kind as ChartKind) : null;
    if (wish && kinds.includes(wish)) kinds.sort((a, b) => Number(b === wish) - Number(a === wish));
    return [...new Set(kinds), "table"];
}

/** Amounts of several currencies have no common scale, and are never added up. */
export function mixesCurrencies(answer: Answer): boolean {
    const at = answer.columns.findIndex((column) => column.name === "BillingCurrency");
    return at >= 0 && new Set(answer.rows.map((row) => row[at])).size > 1;
}

/** How a member is called: "petrel-prod (123456789012)" where the answer has a column of names beside the ids. */
function nameOf(answer: Answer, column: number, row: number): string {
    const id = answer.display[row]?.[column] ?? String(answer.rows[row]?.[column] ?? "(none)");
    const named = answer.columns[column + 1];
    const isNames = named?.name === answer.columns[column]!.name.replace(/Id$/, "Name") && named.name !== answer.columns[column]!.name;
    const name = isNames && answer.rows[row]?.[column + 1] ? answer.display[row]?.[column + 1] : null;
    return name ? `${name} (${id})` : id;
}

/** What a chart of an answer would show; null when its columns or rows carry none. */
export function chartModel(answer: Answer): ChartModel | null {
    const spec = answer.chart;
    if (!spec || !spec.x || !spec.y.length || answer.rows.length < 2) return null;
    const at = (name: string | null): number => answer.columns.findIndex((column) => column.name === name);
    const x = at(spec.x), split = at(spec.series);
    const values = spec.y.map(at).filter((index) => index >= 0);
    const unit = answer.columns[values[0] ?? -1]?.unit ?? null;
    const shown = values.filter((index) => answer.columns[index]!.unit === unit);
    if (x < 0 || !shown.length) return null;

    const time = BUCKETS.has(answer.columns[x]!.name) && ["date", "timestamp"].includes(answer.columns[x]!.type);
    const through = answer.basis?.data_through?.slice(0, 10) ?? null;
    const categories = new Map<string, Category & { at: number }>();
    const lines = new Map<string, Series & { byCategory: Map<string, Mark> }>();
    let clear = !mixesCurrencies(answer);
    answer.rows.forEach((row, index) => {
        const key = row[x] ?? null, id = JSON.stringify(key);
        if (!categories.has(id)) {
            const name = nameOf(answer, x, index);
            const partial = time && through !== null && typeof key === "string" && bucketEnd(key.slice(0, 10), answer.columns[x]!.name) > through;
            categories.set(id, { key, name, folded: 0, partial, at: categories.size });
        }
        for (const value of split >= 0 ? shown.slice(0, 1) : shown) {
            const column = answer.columns[value]!;
            const seriesKey = split >= 0 ? (row[split] ?? null) : column.name;
            const seriesId = JSON.stringify(seriesKey);
            const name = split >= 0 ? nameOf(answer, split, index) : (column.label ?? column.name);
            let line = lines.get(seriesId);
            if (!line) lines.set(seriesId, (line = { key: seriesKey, name, folded: 0, unit: column.unit, marks: [], byCategory: new Map() }));
            // Two rows for one place (other units, a third dimension): a chart would show one of them and drop the other.
            if (line.byCategory.has(id)) clear = false;
            line.byCategory.set(id, mark(row[value], answer.display[index]?.[value], column.unit));
        }
    });
    if (!clear) return null;
    const order = [...categories.entries()];
    if (time) order.sort(([, a], [, b]) => String(a.key).localeCompare(String(b.key)));
    const additive = isAdditive(answer, unit);
    const zero: Mark = { value: ZERO, number: 0, text: displayDecimal(ZERO, unit) };
    const series = [...lines.values()].map(({ byCategory, ...line }) => ({
        ...line,
        marks: order.map(([id]) => byCategory.get(id) ?? (additive && split >= 0 ? zero : NO_MARK)),
    }));
    const all = series.flatMap((line) => line.marks);
    const model: ChartModel = {
        kinds: [], time,
        xColumn: answer.columns[x]!, seriesColumn: split >= 0 ? answer.columns[split]! : null,
        measure: answer.columns[shown[0]!]!.label ?? "", unit,
        categories: order.map(([, category]) => category), series,
        negative: all.some((have) => (have.number ?? 0) < 0),
        total: all.reduce((total, have) => (have.value ? addDecimal(total, have.value) : total), ZERO),
    };
    if (model.categories.length > MOST_BUCKETS && time) return null;
    model.kinds = suitable(model, answer, spec, additive);
    return model;
}

/** The model with no more categories and series than a kind of chart can show. */
export function fitted(model: ChartModel, kind: ChartKind): ChartModel {
    switch (kind) {
        case "treemap": return foldCategories({ ...model, series: foldSeries(model.series, 40) }, 40);
        case "heatmap": return foldCategories({ ...model, series: foldSeries(model.series, MOST_HEAT.down) }, MOST_HEAT.across);
        case "sankey": return foldCategories({ ...model, series: foldSeries(model.series, MOST_FLOWS) }, MOST_FLOWS);
        default: return foldCategories({ ...model, series: foldSeries(model.series, MOST_SERIES) }, model.seriesColumn ? MOST_BARS : MOST_BARS + 1);
    }
}

/** Height in pixels that a chart needs: known before it is drawn, so that nothing moves. */
export function chartHeight(model: ChartModel, kind: ChartKind): number {
    const shown = fitted(model, kind);
    if (kind === "bar" && !model.time) {
        const groups = shown.series.length > 1 ? Math.min(shown.series.length, MOST_SERIES) * 11 + 12 : 30;
        return Math.max(150, shown.categories.length * groups + 56);
    }
    if (kind === "stacked" && !model.time) return Math.max(220, shown.categories.length * 32 + 96);
    if (kind === "heatmap") return Math.max(220, shown.series.length * 28 + 120);
    if (kind === "sankey") return Math.max(300, Math.max(shown.series.length, shown.categories.length) * 34);
    return 320;
}

export const isHorizontal = (model: ChartModel, kind: ChartKind): boolean => !model.time && (kind === "bar" || kind === "stacked");

/** Categories from the largest to the smallest, for those who compare. */
export const heaviest = (model: ChartModel): Category | null => {
    let best: Category | null = null, most: Decimal = ZERO;
    model.categories.forEach((category, at) => {
        const value = model.series.reduce((all, line) => (line.marks[at]?.value ? addDecimal(all, line.marks[at]!.value!) : all), ZERO);
        if (compareDecimal(value, most) > 0) { best = category; most = value; }
    });
    return best;
};
