// Explore: a plan made by hand. Measure, grouping, time, filters; clicking a member of the chart or the table opens it.

import { useEffect, useState } from "preact/hooks";
import { ask, goTo, messageOf } from "../actions.ts";
import { emptyAnswer, stream } from "../api.ts";
import { AnswerView } from "../components/answer.tsx";
import { Icon } from "../components/icon.tsx";
import { Choices, Popover } from "../components/popover.tsx";
import { dimensionChoices, measureChoices } from "../components/reading.tsx";
import { ValuePicker } from "../components/value-picker.tsx";
import type { Answer, Grain, Plan } from "../contract.ts";
import { GRAINS, fieldLabel, makePlan, withFilter, withFilters, withGrain, withGroups, withMeasure, withTime, withTop } from "../plan.ts";
import { planLink } from "../route.ts";
import { update, useStore } from "../store.ts";
import { NothingLoaded } from "./nothing.tsx";

export function ExplorePage() {
    const datasets = useStore((state) => state.datasets);
    const fields = useStore((state) => state.fields);
    const dataset = useStore((state) => state.dataset);
    const plan = useStore((state) => state.explore);
    const measure = useStore((state) => state.measure);
    const period = useStore((state) => state.period);
    // The selectors at the top are the first choice here too; a plan of a link says itself what it wants.
    useEffect(() => {
        if (!fields || !dataset) return;
        const first = fields.dimensions.find((field) => field.name === "ServiceName") ?? fields.dimensions[0];
        const begun = plan && plan.dataset === dataset ? plan : makePlan(dataset, fields.measures[0]!.name, first ? { intent: "breakdown", group_by: [first.name], rank: { on: "value", n: 10 } } : {});
        const chosen = measure ? withMeasure(begun, measure) : begun;
        update({ explore: period ? withTime(chosen, period) : chosen });
    }, [fields, dataset, measure, period]);
    if (!datasets.length) return <NothingLoaded />;
    if (!plan || !fields) return <div class="page-wait" role="status">Loading …</div>;
    return (
        <div class="explore">
            <Builder plan={plan} />
            <Result plan={plan} />
        </div>
    );
}

/** A changed plan is a new address, so that going back undoes it. */
const show = (plan: Plan): void => goTo(planLink("explore", plan));

function Builder({ plan }: { plan: Plan }) {
    const fields = useStore((state) => state.fields)!;
    const groups = plan.group_by ?? [];
    const filters = plan.filters ?? [];
    const [adding, setAdding] = useState<string | null>(null);
    return (
        <section class="builder" aria-label="What to show">
            <div class="builder-part">
                <h2>Measure</h2>
                <Popover class="button selector" title="Measure" wide label={<><span>{fieldLabel(fields, plan.measures[0]!)}</span><Icon name="down" size={13} /></>}>
                    {(close) => <Choices search="Search measures" current={plan.measures[0]} choices={measureChoices(fields)}
                        onChoose={(name) => { close(); show(withMeasure(plan, name)); }} />}
                </Popover>
            </div>
            <div class="builder-part">
                <h2>Group by</h2>
                <div class="chips">
                    {groups.map((group) => (
                        <span class="chip">
                            <span class="chip-open">{fieldLabel(fields, group)}</span>
                            <button type="button" class="chip-close" aria-label={`Leave out: ${fieldLabel(fields, group)}`} onClick={() => show(withGroups(plan, groups.filter((have) => have !== group)))}><Icon name="close" size={12} /></button>
                        </span>
                    ))}
                    <Popover class="chip-add" title="Add a grouping" wide label={<><Icon name="plus" size={14} /><span>Add</span></>}>
                        {(close) => <Choices search="Search dimensions" choices={dimensionChoices(fields).filter((choice) => !groups.includes(choice.value))}
                            onChoose={(name) => { close(); show(withGroups(plan, [...groups, name])); }} />}
                    </Popover>
                </div>
            </div>
            <div class="builder-part">
                <h2>Over time</h2>
                <div class="segmented" role="group" aria-label="Over time">
                    {[null, ...GRAINS.slice(0, 3)].map((grain: Grain | null) => (
                        <button type="button" aria-pressed={(plan.grain ?? null) === grain} onClick={() => show(withGrain(plan, grain))}>{grain ?? "no"}</button>
                    ))}
                </div>
            </div>
            <div class="builder-part">
                <h2>Show</h2>
                <div class="segmented" role="group" aria-label="How many">
                    {[5, 10, 25, null].map((n) => (
                        <button type="button" aria-pressed={(plan.rank?.n ?? null) === n} onClick={() => show(withTop(plan, n))}>{n ? `top ${n}` : "all"}</button>
                    ))}
                </div>
            </div>
            <div class="builder-part">
                <h2>Filters</h2>
                <div class="chips">
                    {filters.map((filter, at) => (
                        <span class="chip filter">
                            <span class="chip-open">{filter.dimension ? fieldLabel(fields, filter.dimension) : "tags"} {filterWords(filter.op)} {(filter.values ?? []).join(", ")}</span>
                            <button type="button" class="chip-close" aria-label={`Leave out the filter on ${filter.dimension ?? "tags"}`} onClick={() => show(withFilters(plan, filters.filter((_, index) => index !== at)))}><Icon name="close" size={12} /></button>
                        </span>
                    ))}
                    <Popover class="chip-add" title="Add a filter" wide label={<><Icon name="plus" size={14} /><span>Add</span></>}>
                        {(close) => adding
                            ? <ValuePicker dimension={adding} label={fieldLabel(fields, adding)} filter={null} onApply={(filter) => { close(); setAdding(null); show(withFilter(plan, filter)); }} />
                            : <Choices search="Search dimensions" choices={dimensionChoices(fields)} onChoose={setAdding} />}
                    </Popover>
                </div>
            </div>
        </section>
    );
}

function filterWords(op: string): string {
    const words: { [op: string]: string } = { in: "is", not_in: "is not", empty: "is empty", not_empty: "is not empty", contains: "contains", not_contains: "does not contain", all_tags_empty: "are all empty" };
    return words[op] ?? op.replace(/_/g, " ");
}

function Result({ plan }: { plan: Plan }) {
    const version = useStore((state) => state.data_version);
    const [answer, setAnswer] = useState<Answer>(emptyAnswer());
    const [busy, setBusy] = useState(true);
    const [took, setTook] = useState<number | null>(null);
    const key = JSON.stringify(plan);
    useEffect(() => {
        const controller = new AbortController();
        const began = performance.now();
        setBusy(true);
        stream("ask", { plan, dataset: plan.dataset }, controller.signal).then(
            (done) => { setAnswer(done); setTook(performance.now() - began); setBusy(false); },
            (error: unknown) => {
                if (controller.signal.aborted) return;
                setAnswer({ ...emptyAnswer(), status: "error", reason: { code: "", message: messageOf(error) } });
                setBusy(false);
            },
        );
        return () => controller.abort();
    }, [key, version]);
    return (
        <section class="explore-result panel" aria-label="Result">
            {answer.paraphrase && <p class="paraphrase">{answer.paraphrase}</p>}
            <AnswerView answer={answer} busy={busy} took={took} reading={false}
                onRevise={(request) => request.plan && show(request.plan)}
                onAsk={(request) => (request.plan ? show(request.plan) : void ask(request))} />
        </section>
    );
}
