// How a question was read: the plan in pieces, each of which can be changed. Changing one carries out the changed plan.

import { useState } from "preact/hooks";
import type { Chip, Fields, Grain, Plan } from "../contract.ts";
import {
    GRAINS, fieldLabel, isRemovable, withFilter, withFilters, withGrain, withGroups, withMeasure, withoutChip, withTime, withTop,
} from "../plan.ts";
import { useStore } from "../store.ts";
import { Icon, type IconName } from "./icon.tsx";
import { PeriodPicker } from "./period-picker.tsx";
import { Choices, Popover } from "./popover.tsx";
import { ValuePicker } from "./value-picker.tsx";

const CHIP_ICONS: { [kind in Chip["kind"]]: IconName } = {
    measure: "measure", period: "calendar", compare: "compare", group: "table", filter: "filter", concept: "filter", rank: "bar",
    grain: "line", limit: "number",
};

interface Props {
    plan: Plan;
    chips: Chip[];
    busy?: boolean;
    onChange: (plan: Plan) => void;
}

export function Reading({ plan, chips, busy = false, onChange }: Props) {
    return (
        <div class="chips" role="group" aria-label="How the question was read">
            {chips.map((chip) => (
                <span class={`chip ${chip.kind}`}>
                    <Popover class="chip-open" title={`Change: ${chip.text}`} wide disabled={busy} label={<><Icon name={CHIP_ICONS[chip.kind] ?? "info"} size={14} /><span>{chip.text}</span></>}>
                        {(close) => <ChipEditor chip={chip} plan={plan} onChange={(next) => { close(); onChange(next); }} />}
                    </Popover>
                    {isRemovable(plan, chip) && (
                        <button type="button" class="chip-close" disabled={busy} title={`Leave out: ${chip.text}`} aria-label={`Leave out: ${chip.text}`} onClick={() => onChange(withoutChip(plan, chip))}>
                            <Icon name="close" size={12} />
                        </button>
                    )}
                </span>
            ))}
            {canGrow(plan) && (
                <Popover class="chip-add" title="Add a filter, a grouping or a time grain" wide disabled={busy} label={<><Icon name="plus" size={14} /><span>Add</span></>}>
                    {(close) => <Adder plan={plan} onChange={(next) => { close(); onChange(next); }} />}
                </Popover>
            )}
        </div>
    );
}

const canGrow = (plan: Plan): boolean => ["total", "breakdown", "series", "compare", "share", "count", "stat"].includes(plan.intent);

interface EditorProps {
    plan: Plan;
    onChange: (plan: Plan) => void;
}

function ChipEditor({ chip, plan, onChange }: EditorProps & { chip: Chip }) {
    const fields = useStore((state) => state.fields);
    const at = chip.index ?? 0;
    switch (chip.kind) {
        case "measure":
            return <Choices search="Search measures" current={plan.measures[at]} choices={measureChoices(fields)}
                onChoose={(measure) => onChange(withMeasure(plan, measure))} />;
        case "period":
            return <PeriodPicker current={plan.time ?? null} onChoose={(period) => onChange(withTime(plan, period))} />;
        case "compare": return <CompareEditor plan={plan} side={chip.field === "compare.b" ? "b" : "a"} onChange={onChange} />;
        case "group":
            return <Choices search="Search dimensions" current={plan.group_by?.[at]} choices={dimensionChoices(fields)}
                onChoose={(name) => onChange(withGroups(plan, (plan.group_by ?? []).map((have, index) => (index === at ? name : have))))} />;
        case "filter": {
            const filter = plan.filters?.[at];
            if (!filter?.dimension) return <p class="quiet">{chip.text}</p>;
            return <ValuePicker dimension={filter.dimension} label={fieldLabel(fields, filter.dimension)} filter={filter}
                onApply={(next) => onChange(withFilters(plan, (plan.filters ?? []).map((have, index) => (index === at ? { ...next, ...(have.part ? { part: true } : {}) } : have))))} />;
        }
        case "concept": {
            const concept = plan.concepts?.[at];
            if (!concept) return <p class="quiet">{chip.text}</p>;
            const negate = (negated: boolean): void => onChange({ ...plan, concepts: plan.concepts!.map((have, index) => (index === at ? { ...have, negated } : have)) });
            return (
                <div class="segmented" role="group" aria-label="Whether these lines count">
                    <button type="button" data-autofocus aria-pressed={!concept.negated} onClick={() => negate(false)}>only these lines</button>
                    <button type="button" aria-pressed={Boolean(concept.negated)} onClick={() => negate(true)}>all but these</button>
                </div>
            );
        }
        case "rank": return <TopEditor plan={plan} onChange={onChange} />;
        case "grain": return <GrainChoices plan={plan} onChange={onChange} />;
        default: return <p class="quiet">{chip.text}</p>;
    }
}

function CompareEditor({ plan, side, onChange }: EditorProps & { side: "a" | "b" }) {
    const compare = plan.compare!;
    if (compare.kind !== "periods") return <p class="quiet">Ask again to compare other things.</p>;
    const put = (which: "a" | "b", period: { start?: string; end?: string } | null): void => {
        if (period?.start) onChange({ ...plan, compare: { ...compare, [which]: { start: period.start, end: period.end } } });
    };
    const [shown, setShown] = useState(side);
    return (
        <>
            <div class="segmented" role="group" aria-label="Which side to change">
                <button type="button" aria-pressed={shown === "a"} onClick={() => setShown("a")}>this period</button>
                <button type="button" aria-pressed={shown === "b"} onClick={() => setShown("b")}>compared with</button>
            </div>
            <PeriodPicker key={shown} current={compare[shown] ?? null} onChoose={(period) => put(shown, period)} />
        </>
    );
}

function TopEditor({ plan, onChange }: EditorProps) {
    const [n, setN] = useState(plan.rank?.n ? String(plan.rank.n) : "10");
    const [ascending, setAscending] = useState(plan.rank?.ascending ?? false);
    const count = /^\d{1,4}$/.test(n) ? Number(n) : 0;
    return (
        <form class="column" onSubmit={(event) => { event.preventDefault(); if (count) onChange(withTop(plan, count, ascending)); }}>
            <div class="segmented" role="group" aria-label="Order">
                <button type="button" aria-pressed={!ascending} onClick={() => setAscending(false)}>highest</button>
                <button type="button" aria-pressed={ascending} onClick={() => setAscending(true)}>lowest</button>
            </div>
            <label>how many <input class="field" data-autofocus inputMode="numeric" value={n} onInput={(event) => setN(event.currentTarget.value)} /></label>
            <div class="row">
                <button type="submit" class="button small primary" disabled={!count}>Apply</button>
                <button type="button" class="button small" onClick={() => onChange(withTop(plan, null))}>Show all</button>
            </div>
        </form>
    );
}

function GrainChoices({ plan, onChange }: EditorProps) {
    const choices: { value: Grain | null; label: string }[] = [...GRAINS.map((grain) => ({ value: grain, label: `per ${grain}` })), { value: null, label: "not over time" }];
    return <Choices current={plan.grain ?? null} choices={choices} onChoose={(grain) => onChange(withGrain(plan, grain))} />;
}

export const dimensionChoices = (fields: Fields | null): { value: string; label: string; hint: string }[] =>
    (fields?.dimensions ?? []).map((field) => ({ value: field.name, label: field.label, hint: field.class === "dimension" ? "" : (field.class ?? "") }));

export const measureChoices = (fields: Fields | null): { value: string; label: string; hint: string }[] =>
    (fields?.measures ?? []).map((measure) => ({ value: measure.name, label: measure.label, hint: measure.unit ?? "" }));

function Adder({ plan, onChange }: EditorProps) {
    const fields = useStore((state) => state.fields);
    const [what, setWhat] = useState<"filter" | "group" | "grain">("filter");
    const [dimension, setDimension] = useState<string | null>(null);
    if (what === "filter" && dimension)
        return <ValuePicker dimension={dimension} label={fieldLabel(fields, dimension)} filter={null} onApply={(filter) => onChange(withFilter(plan, filter))} />;
    return (
        <>
            <div class="segmented" role="group" aria-label="What to add">
                <button type="button" aria-pressed={what === "filter"} onClick={() => setWhat("filter")}>filter</button>
                <button type="button" aria-pressed={what === "group"} onClick={() => setWhat("group")}>group by</button>
                <button type="button" aria-pressed={what === "grain"} onClick={() => setWhat("grain")}>over time</button>
            </div>
            {what === "grain" ? <GrainChoices plan={plan} onChange={onChange} /> : (
                <Choices key={what} search="Search dimensions" choices={dimensionChoices(fields)}
                    onChoose={(name) => (what === "filter" ? setDimension(name) : onChange(withGroups(plan, [...(plan.group_by ?? []), name])))} />
            )}
        </>
    );
}
