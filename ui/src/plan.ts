// Editing plans: each function gives a changed copy. What the copy can no longer mean is dropped with the piece that meant it, and the
// server checks every plan before it runs.

import type { Chip, Fields, Grain, Plan, PlanFilter, PlanTime } from "./contract.ts";
import type { SelectedPeriod } from "./store.ts";

export const GRAINS: Grain[] = ["day", "week", "month", "quarter", "year"];

export function makePlan(dataset: string, measure: string, change: Partial<Plan> = {}): Plan {
    return { v: 1, intent: "total", dataset, measures: [measure], ...change };
}

/** What was assumed about a field no longer holds once a user has said it. */
function said(plan: Plan, field: string): Plan {
    const assumptions = plan.assumptions?.filter((assumption) => assumption.field !== field);
    const next = { ...plan };
    if (assumptions?.length) next.assumptions = assumptions;
    else delete next.assumptions;
    return next;
}

function without<K extends keyof Plan>(plan: Plan, ...keys: K[]): Plan {
    const next = { ...plan };
    for (const key of keys) delete next[key];
    return next;
}

export function withMeasure(plan: Plan, measure: string): Plan {
    return { ...said(plan, "measure"), measures: [measure, ...plan.measures.slice(1).filter((name) => name !== measure)] };
}

export function withTime(plan: Plan, time: PlanTime | null): Plan {
    const next = said(plan, "time");
    return time?.start ? { ...next, time: { start: time.start, ...(time.end ? { end: time.end } : {}) } } : without(next, "time");
}

/** The intent that suits what a plan has: a total grows into a breakdown or a series, and shrinks back. */
function shaped(plan: Plan): Plan {
    const plain = ["total", "breakdown", "series"].includes(plan.intent);
    if (!plain) return plan;
    const intent = plan.grain ? "series" : plan.group_by?.length ? "breakdown" : "total";
    const next: Plan = { ...plan, intent };
    return intent === "total" ? without(next, "rank", "chart") : next;
}

export function withGroups(plan: Plan, groups: string[]): Plan {
    const next = said(plan, "group");
    return shaped(groups.length ? { ...next, group_by: groups } : without(next, "group_by"));
}

export function withGrain(plan: Plan, grain: Grain | null): Plan {
    const next = said(plan, "grain");
    return shaped(grain ? { ...next, grain } : without(next, "grain"));
}

export function withFilters(plan: Plan, filters: PlanFilter[]): Plan {
    const next = said(plan, "filter");
    return filters.length ? { ...next, filters } : without(next, "filters");
}

export function withFilter(plan: Plan, filter: PlanFilter): Plan {
    const others = (plan.filters ?? []).filter((have) => have.dimension !== filter.dimension);
    return withFilters(plan, [...others, filter]);
}

export function withTop(plan: Plan, n: number | null, ascending = false): Plan {
    const next = said(plan, "limit");
    if (n === null) return without(next, "rank");
    return { ...next, rank: { ...(plan.rank ?? { on: "value" }), n, ascending } };
}

export function withChart(plan: Plan, kind: string): Plan {
    return kind === "auto" ? without(plan, "chart") : { ...plan, chart: kind };
}

/** The plan without the piece that a chip stands for. */
export function withoutChip(plan: Plan, chip: Chip): Plan {
    const at = chip.index ?? 0;
    switch (chip.kind) {
        case "group": return withGroups(plan, (plan.group_by ?? []).filter((_, index) => index !== at));
        case "filter": return withFilters(plan, (plan.filters ?? []).filter((_, index) => index !== at));
        case "concept": {
            const concepts = (plan.concepts ?? []).filter((_, index) => index !== at);
            return concepts.length ? { ...plan, concepts } : without(plan, "concepts");
        }
        case "rank": return without(plan, "rank");
        case "grain": return withGrain(plan, null);
        case "period": return withTime(plan, null);
        case "limit": return without(plan, "limit");
        default: return plan;
    }
}

/** Whether a chip can be taken away and leave a plan that means something. */
export const isRemovable = (plan: Plan, chip: Chip): boolean =>
    chip.kind === "filter" || chip.kind === "concept" || chip.kind === "limit" || chip.kind === "rank" ||
    (chip.kind === "period" && Boolean(plan.time)) ||
    (chip.kind === "grain" && plan.intent === "series") ||
    (chip.kind === "group" && ["breakdown", "series"].includes(plan.intent));

/** Dimension to open up next when a member of one is picked: from services to what is used to single resources. */
const BELOW: { [dimension: string]: string } = {
    ServiceCategory: "ServiceName", ServiceName: "x_UsageType", x_ServiceCode: "x_UsageType", x_UsageType: "ResourceId", x_CostDriver: "ResourceId",
    SubAccountId: "ServiceName", RegionId: "ServiceName", ChargeCategory: "ServiceName", x_Operation: "ResourceId",
};

/** One member opened: a filter on it, grouped by what is below. */
export function drillDown(plan: Plan, dimension: string, value: string | null, fields: Fields | null): Plan {
    const filtered = withFilter(plan, value === null ? { dimension, op: "empty" } : { dimension, op: "in", values: [value] });
    const taken = new Set((filtered.filters ?? []).map((filter) => filter.dimension));
    const names = (fields?.dimensions ?? []).map((field) => field.name);
    const wanted = [BELOW[dimension], "ServiceName", "x_UsageType", "SubAccountId", "RegionId", "ResourceId"];
    const next = wanted.find((name) => name && !taken.has(name) && (!names.length || names.includes(name)));
    const groups = (plan.group_by ?? []).filter((group) => group !== dimension);
    return withGroups(without(filtered, "rank"), groups.length ? groups : next ? [next] : []);
}

export function fieldLabel(fields: Fields | null, name: string): string {
    const found = fields?.dimensions.find((field) => field.name === name) ?? fields?.measures.find((field) => field.name === name);
    return found?.label ?? name;
}

// --- periods ---

const DAY_MS = 86_400_000;

export const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const addDays = (day: string, days: number): string => dayText(dayNumber(day) + days * DAY_MS);
export const daysBetween = (start: string, end: string): number => Math.round((dayNumber(end) - dayNumber(start)) / DAY_MS);

export function addMonths(day: string, months: number): string {
    const date = new Date(dayNumber(day));
    return dayText(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

export function monthLabel(month: string): string {
    const [year, number] = month.split("-");
    return `${MONTHS[Number(number) - 1] ?? month} ${year ?? ""}`.trim();
}

/** A half-open period in words: "September 2026", "2026-09-01 to 2026-09-12". */
export function periodLabel(start: string, end: string): string {
    if (start.endsWith("-01") && addMonths(start, 1) === end) return monthLabel(start);
    return addDays(start, 1) === end ? start : `${start} to ${addDays(end, -1)}`;
}

/** Periods to choose from, by what is loaded. */
export function periodChoices(fields: Fields | null): SelectedPeriod[] {
    const months = fields?.months ?? [];
    const choices: SelectedPeriod[] = [];
    const asOf = fields?.as_of, first = fields?.first_day;
    if (asOf && first) {
        for (const days of [7, 30, 90]) {
            const start = addDays(asOf, 1 - days);
            if (start >= first) choices.push({ start, end: addDays(asOf, 1), label: `Last ${days} days` });
        }
    }
    for (const month of [...months].reverse())
        choices.push({ start: month.start, end: month.end, label: monthLabel(month.name) + (month.complete ? "" : ", so far") });
    return choices;
}

/** The period of the same length before; whole months go back by whole months. */
export function periodBefore(start: string, end: string): { start: string; end: string } {
    if (start.endsWith("-01") && end.endsWith("-01")) {
        const months = (Number(end.slice(0, 4)) - Number(start.slice(0, 4))) * 12 + Number(end.slice(5, 7)) - Number(start.slice(5, 7));
        return { start: addMonths(start, -months), end: start };
    }
    return { start: addDays(start, -daysBetween(start, end)), end: start };
}
