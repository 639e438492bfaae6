// Overview: what the bill says at a glance. Each tile is a plan; its title opens the question behind it.

import { useMemo } from "preact/hooks";
import { ask } from "../actions.ts";
import { stream } from "../api.ts";
import { Chart } from "../charts/chart.tsx";
import { chartModel, mixesCurrencies, type ChartKind } from "../charts/model.ts";
import { Icon } from "../components/icon.tsx";
import { Failure, Skeleton, useLoaded, type Loaded } from "../components/parts.tsx";
import type { Answer, Plan } from "../contract.ts";
import { addDecimal, decimalNumber, displayDecimal, displayNumber, parseDecimal, subtractDecimal, ZERO } from "../number.ts";
import { drillDown, makePlan, periodBefore, periodLabel } from "../plan.ts";
import { planLink } from "../route.ts";
import { getState, hasOperation, useStore } from "../store.ts";
import { NothingLoaded } from "./nothing.tsx";

const TOP = 6;
const STACKED = 7;

export function OverviewPage() {
    const datasets = useStore((state) => state.datasets);
    const fields = useStore((state) => state.fields);
    if (!datasets.length) return <NothingLoaded />;
    if (!fields) return <div class="tiles">{Array.from({ length: 6 }, () => <div class="tile"><Skeleton height={150} /></div>)}</div>;
    return <Tiles />;
}

function Tiles() {
    const dataset = useStore((state) => state.dataset)!;
    const measureName = useStore((state) => state.measure);
    const period = useStore((state) => state.period);
    const fields = useStore((state) => state.fields)!;
    const kind = useStore((state) => state.datasets.find((have) => have.name === state.dataset)?.kind);
    const measure = measureName ?? fields.measures[0]!.name;
    const isMoney = (fields.measures.find((field) => field.name === measure)?.unit ?? "") !== "percent";
    const has = (name: string): boolean => fields.dimensions.some((field) => field.name === name);
    const measures = (name: string): boolean => fields.measures.some((field) => field.name === name);
    const scope = useMemo((): Partial<Plan> => (period?.start ? { time: { start: period.start, ...(period.end ? { end: period.end } : {}) } } : {}), [period]);
    const make = (change: Partial<Plan>): Plan => makePlan(dataset, measure, { ...scope, ...change });
    const top = (dimension: string): Plan => make({ intent: "breakdown", group_by: [dimension], rank: { on: "value", n: TOP } });
    const bill = kind === "bill";
    return (
        <div class="tiles">
            <TotalTile plan={make({})} />
            {bill && <ChangeTile />}
            {bill && !period && <ForecastTile />}
            {bill && has("ServiceName") && isMoney && <TrendTile make={make} />}
            {has("ServiceName") && <TopTile title="Services" plan={top("ServiceName")} />}
            {has("SubAccountId") && <TopTile title="Accounts" plan={top("SubAccountId")} />}
            {has("RegionId") && <TopTile title="Regions" plan={top("RegionId")} />}
            {!bill && fields.dimensions.slice(0, 4).map((field) => <TopTile title={field.label} plan={top(field.name)} />)}
            {bill && <CommitmentTile scope={scope} measures={["commitment_coverage", "commitment_utilization", "x_UnusedCommitmentCost", "effective_savings_rate"].filter(measures)} />}
            {bill && measures("tag_coverage") && <TagTile scope={scope} />}
            {bill && hasOperation("anomalies") && <AnomalyTile />}
        </div>
    );
}

/** An answer to a plan, anew when the plan or the data change. */
function usePlan(plan: Plan, operation = "ask"): [Loaded<Answer>, () => void] {
    const version = useStore((state) => state.data_version);
    const key = JSON.stringify(plan);
    return useLoaded((signal) => stream(operation, { plan, dataset: plan.dataset }, signal), [key, version]);
}

interface TileProps {
    title: string;
    plan?: Plan | null;
    question?: string;
    wide?: boolean;
    className?: string;
    children: preact.ComponentChildren;
}

function Tile({ title, plan = null, question, className = "", children }: TileProps) {
    return (
        <section class={`tile ${className}`}>
            <h2>
                {plan ? <a href={planLink("ask", plan)} title="Open the question behind it">{title}<Icon name="right" size={15} /></a>
                : question ? <a href="/ask" title="Open the question behind it" onClick={(event) => { event.preventDefault(); void ask({ question, fresh: true }); }}>{title}<Icon name="right" size={15} /></a>
                : title}
            </h2>
            {children}
        </section>
    );
}

function Wait({ loaded, again, height, children }: { loaded: Loaded<Answer>; again: () => void; height: number; children: (answer: Answer) => preact.ComponentChildren }) {
    if (loaded.state === "loading") return <Skeleton height={height} />;
    if (loaded.state === "failed") return <Failure message={loaded.message} again={again} />;
    if (loaded.value.status !== "answered") return <p class="quiet tile-note">{loaded.value.reason?.message ?? "No answer."}</p>;
    return <>{children(loaded.value)}</>;
}

/** The first value of an answer, as the server wrote it. */
function firstValue(answer: Answer): string {
    const at = answer.columns.findIndex((column) => ["decimal", "integer", "percent"].includes(column.type));
    return answer.display[0]?.[at] ?? "–";
}

function TotalTile({ plan }: { plan: Plan }) {
    const [loaded, again] = usePlan(plan);
    const label = useStore((state) => state.fields)?.measures.find((field) => field.name === plan.measures[0])?.label ?? "Total";
    return (
        <Tile title={`Total ${label}`} plan={plan} className="stat">
            <Wait loaded={loaded} again={again} height={74}>
                {(answer) => <>
                    {answer.display.map((row, at) => <p class="stat-value" title={String(answer.rows[at]?.at(-1) ?? "")}>{answer.rows.length > 1 ? row.at(-1) : firstValue(answer)}</p>)}
                    <p class="quiet">{answer.basis?.period ? periodLabel(answer.basis.period.start, answer.basis.period.end) : ""}{answer.basis?.period && !answer.basis.period.complete ? ", not complete" : ""}</p>
                </>}
            </Wait>
        </Tile>
    );
}

/** The selected period against the one before; without one, the last complete month against the month before. */
function changePlan(): Plan | null {
    const { period, fields, measure, dataset } = getState();
    const months = fields?.months ?? [];
    const latest = months.filter((month) => month.complete).at(-1);
    const a = period?.start && period.end ? { start: period.start, end: period.end } : latest ? { start: latest.start, end: latest.end } : null;
    const first = months[0]?.start ?? fields?.first_day;
    if (!a || !first || !fields?.measures.length) return null;
    const b = periodBefore(a.start, a.end);
    if (b.start < first) return null;
    const partial = months.some((month) => !month.complete && month.start < a.end && month.end > a.start);
    return makePlan(dataset!, measure ?? fields.measures[0]!.name, { intent: "compare", compare: { kind: "periods", a, b, ...(partial ? { elapsed: true } : {}) } });
}

function ChangeTile() {
    useStore((state) => state.period);
    useStore((state) => state.measure);
    const plan = changePlan();
    if (!plan) return null;
    return <Change plan={plan} />;
}

function Change({ plan }: { plan: Plan }) {
    const [loaded, again] = usePlan(plan);
    const { a, b } = plan.compare!;
    return (
        <Tile title="Change" plan={plan} className="stat">
            <Wait loaded={loaded} again={again} height={74}>
                {(answer) => {
                    const at = answer.columns.findIndex((column) => column.name === "change");
                    const percent = answer.columns.findIndex((column) => column.name === "change_percent");
                    const value = parseDecimal(answer.rows[0]?.[at] as string);
                    const direction = !value || value.units === 0n ? "same" : value.units > 0n ? "rise" : "fall";
                    return <>
                        <p class={`stat-value ${direction}`}>
                            {direction !== "same" && <Icon name={direction === "rise" ? "up" : "down"} size={20} />}
                            {answer.display[0]?.[at] ?? "–"} {percent >= 0 && answer.rows[0]?.[percent] !== null && <small>{answer.display[0]?.[percent]}</small>}
                        </p>
                        <p class="quiet">{periodLabel(a!.start!, a!.end!)} against {periodLabel(b!.start!, b!.end!)}</p>
                    </>;
                }}
            </Wait>
        </Tile>
    );
}

function ForecastTile() {
    const dataset = useStore((state) => state.dataset);
    const version = useStore((state) => state.data_version);
    const [loaded, again] = useLoaded((signal) => stream("forecast", dataset ? { dataset } : {}, signal), [dataset, version]);
    return (
        <Tile title="Projected month end" plan={loaded.state === "ready" ? loaded.value.plan : null} className="stat">
            <Wait loaded={loaded} again={again} height={74}>
                {(answer) => {
                    const cell = (name: string): string | undefined => answer.display[0]?.[answer.columns.findIndex((column) => column.name === name)];
                    return <>
                        <p class="stat-value">{cell("forecast") ?? "–"}</p>
                        <p class="quiet">{cell("low")} to {cell("high")}, four times in five</p>
                    </>;
                }}
            </Wait>
        </Tile>
    );
}

/** The largest services day by day, and what is left of each day's total. */
function withOthers(top: Answer, total: Answer): Answer {
    const day = 0, value = 2;
    if (top.columns.length !== 3 || total.columns.length !== 2) return top;
    const unit = top.columns[value]!.unit;
    const left = new Map(total.rows.map((row) => [String(row[0]), parseDecimal(row[1] as string) ?? ZERO]));
    const names = new Map(total.rows.map((row, at) => [String(row[0]), total.display[at]?.[0] ?? String(row[0])]));
    for (const row of top.rows) {
        const at = String(row[day]);
        left.set(at, subtractDecimal(left.get(at) ?? ZERO, parseDecimal(row[value] as string) ?? ZERO));
    }
    const rest = [...left.values()].reduce(addDecimal, ZERO);
    if (rest.units === 0n) return top;
    const rows = [...left].map(([at, amount]) => [at, OTHERS, decimalNumber(amount)]);
    const display = [...left].map(([at, amount]) => [names.get(at) ?? at, OTHERS, displayDecimal(amount, unit)]);
    return { ...top, rows: [...top.rows, ...rows], display: [...top.display, ...display] };
}

const OTHERS = "All others";

function TrendTile({ make }: { make: (change: Partial<Plan>) => Plan }) {
    const version = useStore((state) => state.data_version);
    const plan = make({ intent: "series", grain: "day", group_by: ["ServiceName"], rank: { on: "value", n: STACKED } });
    const [loaded, again] = useLoaded(async (signal) => {
        const [top, total] = await Promise.all([plan, make({ intent: "series", grain: "day" })].map((one) => stream("ask", { plan: one, dataset: one.dataset }, signal)));
        return top!.status === "answered" && total!.status === "answered" ? withOthers(top!, total!) : top!;
    }, [JSON.stringify(plan), version]);
    return (
        <Tile title="Per day, by service" plan={plan} className="tile-wide">
            <Wait loaded={loaded} again={again} height={300}>
                {(answer) => <AnswerChart answer={answer} kind="area" height={300} />}
            </Wait>
        </Tile>
    );
}

function AnswerChart({ answer, kind, height }: { answer: Answer; kind: ChartKind; height: number }) {
    const model = useMemo(() => {
        const made = chartModel(answer);
        if (!made) return null;
        const others = made.series.findIndex((series) => series.key === OTHERS);
        if (others >= 0) {
            const rest = { ...made.series[others]!, folded: 1 };
            made.series = [...made.series.filter((_, at) => at !== others), rest];
        }
        return made;
    }, [answer]);
    if (!model) return <p class="quiet tile-note">No chart fits: open the question for its table.</p>;
    return <Chart model={model} kind={model.negative && kind === "area" ? "line" : kind} title={answer.paraphrase ?? "Trend"} height={height} />;
}

function TopTile({ title, plan }: { title: string; plan: Plan }) {
    const [loaded, again] = usePlan(plan);
    return (
        <Tile title={title} plan={plan}>
            <Wait loaded={loaded} again={again} height={TOP * 34}>{(answer) => <Bars answer={answer} plan={plan} />}</Wait>
        </Tile>
    );
}

/** A short ranking with bars, each row a way in. */
function Bars({ answer, plan }: { answer: Answer; plan: Plan }) {
    const value = answer.columns.findIndex((column) => column.name === plan.measures[0]);
    const numbers = answer.rows.map((row) => Number(row[value] ?? 0));
    const most = Math.max(...numbers.map(Math.abs), 1e-12);
    const dimension = plan.group_by![0]!;
    const mixed = mixesCurrencies(answer);
    return (
        <ol class="bars">
            {answer.rows.map((row, at) => (
                <li>
                    <a href={planLink("ask", drillDown(plan, dimension, row[0] === null ? null : String(row[0]), getState().fields))} title={answer.display[at]?.[0]}>
                        <span class="bars-name">{answer.display[at]?.slice(0, value).join(" ")}</span>
                        <span class="bars-value">{answer.display[at]?.[value]}</span>
                        {!mixed && <span class="bars-track" aria-hidden="true"><span class={numbers[at]! < 0 ? "negative" : ""} style={{ width: `${Math.max(1, (100 * Math.abs(numbers[at]!)) / most).toFixed(1)}%` }} /></span>}
                    </a>
                </li>
            ))}
        </ol>
    );
}

function CommitmentTile({ scope, measures }: { scope: Partial<Plan>; measures: string[] }) {
    if (!measures.length) return null;
    return (
        <Tile title="Commitments" question="What is our commitment coverage and utilization?">
            <dl class="figure-list">{measures.map((measure) => <MeasureRow measure={measure} scope={scope} />)}</dl>
        </Tile>
    );
}

function MeasureRow({ measure, scope }: { measure: string; scope: Partial<Plan> }) {
    const dataset = useStore((state) => state.dataset)!;
    const label = useStore((state) => state.fields)!.measures.find((field) => field.name === measure)?.label ?? measure;
    const plan = makePlan(dataset, measure, scope);
    const [loaded] = usePlan(plan);
    const answered = loaded.state === "ready" && loaded.value.status === "answered";
    return (
        <div>
            <dt><a href={planLink("ask", plan)}>{label}</a></dt>
            <dd title={loaded.state === "ready" ? loaded.value.reason?.message : undefined}>{loaded.state === "loading" ? "…" : answered ? firstValue((loaded as { value: Answer }).value) : "–"}</dd>
        </div>
    );
}

function TagTile({ scope }: { scope: Partial<Plan> }) {
    const dataset = useStore((state) => state.dataset)!;
    const plan = makePlan(dataset, "tag_coverage", scope);
    const [loaded, again] = usePlan(plan);
    const tags = useStore((state) => state.fields)!.dimensions.filter((field) => field.class === "tag");
    const lines = useStore((state) => state.datasets.find((have) => have.name === state.dataset)?.row_count) ?? 0;
    return (
        <Tile title="Tag coverage" plan={plan}>
            <Wait loaded={loaded} again={again} height={150}>
                {(answer) => <>
                    <p class="stat-value">{firstValue(answer)}</p>
                    <p class="quiet">of usage cost has at least one tag</p>
                    <dl class="figure-list">
                        {lines > 0 && tags.slice(0, 4).map((tag) => (
                            <div><dt>{tag.label}</dt><dd title="lines with a value">{displayNumber(((100 * (lines - (tag.missing ?? 0))) / lines).toFixed(4), "percent")} of lines</dd></div>
                        ))}
                    </dl>
                </>}
            </Wait>
        </Tile>
    );
}

const SHOWN_ANOMALIES = 5;

function AnomalyTile() {
    const dataset = useStore((state) => state.dataset);
    const period = useStore((state) => state.period);
    const version = useStore((state) => state.data_version);
    const words = period?.start && period.end ? `from ${period.start} to ${period.end}` : null;
    const [loaded, again] = useLoaded((signal) => stream("anomalies", { ...(dataset ? { dataset } : {}), ...(words ? { words } : {}) }, signal), [dataset, words, version]);
    return (
        <Tile title="Unusual days" plan={loaded.state === "ready" ? loaded.value.plan : null} className="tile-half">
            <Wait loaded={loaded} again={again} height={220}>
                {(answer) => {
                    if (!answer.rows.length) return <p class="quiet tile-note">Nothing unusual.</p>;
                    const at = (name: string): number => answer.columns.findIndex((column) => column.name === name);
                    return (
                        <ul class="anomalies">
                            {answer.display.slice(0, SHOWN_ANOMALIES).map((row) => (
                                <li>
                                    <span class="anomaly-what">{row[at("scope")]}</span>
                                    <span class="anomaly-excess">{row[at("excess")]}</span>
                                    <span class="quiet small-text">{row[at("start")]} to {row[at("end")]}, usual {row[at("usual")]}</span>
                                </li>
                            ))}
                        </ul>
                    );
                }}
            </Wait>
        </Tile>
    );
}
