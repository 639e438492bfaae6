// The two plots of the owners page, as charts of numbers the server gave: what a probability covers, and how often it was right.

import { Chart } from "../charts/chart.tsx";
import type { ChartModel, Mark } from "../charts/model.ts";
import type { Owners, SelfExam } from "../contract.ts";
import { ZERO, displayNumber } from "../number.ts";
import { probabilityOf } from "./owners.tsx";

const mark = (part: number | null): Mark => (part === null ? { value: null, number: null, text: "–" } : { value: ZERO, number: part * 100, text: displayNumber((part * 100).toFixed(1), "percent") });

function lines(names: string[], series: { name: string; parts: (number | null)[] }[], measure: string): ChartModel {
    return {
        kinds: ["line"], time: true, xColumn: null, seriesColumn: null, measure, unit: "percent", negative: false, total: ZERO,
        categories: names.map((name) => ({ key: name, name, folded: 0, partial: false })),
        series: series.map((line) => ({ key: line.name, name: line.name, folded: 0, unit: "percent", marks: line.parts.map(mark) })),
    };
}

const STEPS = Array.from({ length: 21 }, (_, at) => at / 20);

export function CoverageCurve({ owners, threshold }: { owners: Owners; threshold: number }) {
    const total = owners.resources.length;
    const cost = (resource: { monthly_cost: unknown }): number => Math.max(0, Number(resource.monthly_cost ?? 0));
    const all = owners.resources.reduce((sum, resource) => sum + cost(resource), 0);
    const named = owners.resources.filter((resource) => resource.owner !== null);
    const bins = owners.self_exam?.reliability ?? [];
    const precision = (from: number): number | null => {
        const above = bins.filter((bin) => Number(bin.from) >= from - 1e-9);
        const count = above.reduce((sum, bin) => sum + bin.resources, 0);
        return count ? above.reduce((sum, bin) => sum + bin.resources * Number(bin.right), 0) / count : null;
    };
    const model = lines(STEPS.map((step) => displayNumber((step * 100).toFixed(0), "percent")), [
        { name: "resources covered", parts: STEPS.map((step) => named.filter((resource) => probabilityOf(resource) >= step).length / Math.max(1, total)) },
        { name: "cost covered", parts: STEPS.map((step) => (all > 0 ? named.filter((resource) => probabilityOf(resource) >= step).reduce((sum, resource) => sum + cost(resource), 0) / all : null)) },
        ...(bins.length ? [{ name: "right, in the self-exam", parts: STEPS.map(precision) }] : []),
    ], "share");
    return (
        <>
            <Chart model={model} kind="line" title="Share covered and share right, by least probability" height={260} />
            <p class="quiet small-text">By least probability; at {displayNumber((threshold * 100).toFixed(0), "percent")} now.</p>
        </>
    );
}

export function ReliabilityPlot({ exam }: { exam: SelfExam }) {
    const bins = exam.reliability ?? [];
    const model = lines(bins.map((bin) => `${displayNumber((Number(bin.from) * 100).toFixed(0), "percent")} to ${displayNumber((Number(bin.to) * 100).toFixed(0), "percent")}`), [
        { name: "said", parts: bins.map((bin) => Number(bin.said)) },
        { name: "was right", parts: bins.map((bin) => Number(bin.right)) },
    ], "probability");
    return <Chart model={model} kind="line" title="What was said against what was right" height={260} />;
}
