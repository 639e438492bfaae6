// One answer: how the question was read, the summary, a chart, the table, the SQL, and what can be done with it. Used by Ask and Explore.

import { useMemo, useState } from "preact/hooks";
import { call, callText } from "../api.ts";
import { messageOf, notify, type Request } from "../actions.ts";
import { Chart, saveChart } from "../charts/chart.tsx";
import { CHART_ICONS, CHART_NAMES, chartModel, type ChartKind, type ChartModel } from "../charts/model.ts";
import type { Answer, Section } from "../contract.ts";
import { displayCount } from "../number.ts";
import { drillDown, periodLabel } from "../plan.ts";
import { planLink } from "../route.ts";
import { getState, hasOperation, useStore } from "../store.ts";
import { Icon } from "./icon.tsx";
import { copyText, fileName, Failure, saveText, Skeleton } from "./parts.tsx";
import { Popover } from "./popover.tsx";
import { Reading } from "./reading.tsx";
import { Sql } from "./sql.tsx";
import { readMarkdown, Summary } from "./summary.tsx";
import { Table } from "./table.tsx";

interface Props {
    answer: Answer;
    busy: boolean;
    took?: number | null;
    query?: string | null; // SQL that was typed
    reading?: boolean; // whether the chips are shown
    onRevise: (request: Request) => void;
    onAsk: (request: Request) => void;
}

export function AnswerView({ answer, busy, took = null, query = null, reading = true, onRevise, onAsk }: Props) {
    const [wished, setWished] = useState<ChartKind | null>(null);
    const [sqlOpen, setSqlOpen] = useState(false);
    const [shownRow, setShownRow] = useState<{ row: number; at: number } | null>(null);
    const model = useMemo(() => chartModel(answer), [answer.chart, answer.rows, answer.basis]);
    const kind: ChartKind | null = model ? (wished && model.kinds.includes(wished) ? wished : model.kinds[0]!) : null;
    const title = answer.paraphrase ?? answer.question ?? "Answer";

    if (answer.status === "error")
        return (
            <>
                <Failure message={answer.reason?.message ?? "Something went wrong."} />
                {query !== null && <Sql sql={query} editing onRun={(text) => onRevise({ query: text })} />}
            </>
        );
    if (answer.status === "refused" || answer.status === "clarify") return <Declined answer={answer} query={query} onAsk={onAsk} onRevise={onRevise} />;
    const drill = (dimension: string, value: string | null): void => {
        if (answer.plan) onAsk({ plan: drillDown(answer.plan, dimension, value, getState().fields) });
    };
    return (
        <div class={`answer${busy && answer.rows.length ? " stale" : ""}`} aria-busy={busy}>
            {reading && answer.plan && answer.chips.length > 0 && <Reading plan={answer.plan} chips={answer.chips} busy={busy} onChange={(plan) => onRevise({ plan })} />}
            {answer.question && answer.assumed.some((text) => text.startsWith("kept:")) && (
                <p class="note kept">
                    <Icon name="history" size={15} /><span>Goes on from the answer before ({answer.assumed.find((text) => text.startsWith("kept:"))}).</span>
                    <button type="button" class="button small" disabled={busy} onClick={() => onRevise({ question: answer.question, fresh: true })}>Ask it alone</button>
                </p>
            )}
            {query !== null && <p class="badge warn"><Icon name="code" size={14} />From typed SQL: not checked against a question</p>}
            {answer.summary
                ? <Summary markdown={answer.summary} facts={answer.facts} columns={answer.columns} onShowRow={(row) => setShownRow({ row, at: Date.now() })} />
                : busy && <Skeleton lines={2} />}
            {busy && !answer.rows.length && <Skeleton height={320} />}
            {model && kind && kind !== "table" && (
                <figure class="figure">
                    <ChartKinds model={model} kind={kind} onChoose={setWished} />
                    <Chart model={model} kind={kind} title={title}
                        onPick={(category, series) => {
                            if (category.folded || !answer.plan) return;
                            if (!model.time && model.xColumn) drill(model.xColumn.name, category.key === null ? null : String(category.key));
                            else if (series && !series.folded && model.seriesColumn) drill(model.seriesColumn.name, series.key === null ? null : String(series.key));
                        }} />
                </figure>
            )}
            {model && kind === "table" && <ChartKinds model={model} kind={kind} onChoose={setWished} />}
            {answer.rows.length > 0 && !isSingleNumber(answer) && (
                <Table columns={answer.columns} rows={answer.rows} display={answer.display} caption={title} facts={answer.facts} shownRow={shownRow}
                    pickable={(column) => Boolean(answer.plan?.group_by?.includes(column.name))} pickLabel="Open"
                    onPick={(pick) => drill(answer.columns[pick.column]!.name, answer.rows[pick.row]![pick.column] as string | null)} />
            )}
            {isSingleNumber(answer) && <Figures answer={answer} />}
            {answer.truncated && <p class="note"><Icon name="info" size={15} />Only the first {displayCount(answer.row_count)} rows are shown; totals are of all.</p>}
            {answer.sections.map((section) => <SectionView section={section} />)}
            {answer.recommendations.length > 0 && (
                <ul class="recommendations">
                    {answer.recommendations.map((text) => (
                        <li><Icon name="idea" size={16} /><Summary markdown={text} facts={answer.facts} columns={answer.columns} /></li>
                    ))}
                </ul>
            )}
            {answer.status === "answered" && <BasisLine answer={answer} took={took} />}
            {answer.status === "answered" && (
                <div class="row tools">
                    {answer.sql && (
                        <button type="button" class="button small" aria-expanded={sqlOpen} onClick={() => setSqlOpen(!sqlOpen)}><Icon name="code" size={15} />SQL</button>
                    )}
                    <ExportMenu answer={answer} model={model} kind={kind} />
                    {answer.plan && (
                        <button type="button" class="button small" onClick={() => void copyText(location.origin + planLink("ask", answer.plan!), "Link")}><Icon name="link" size={15} />Copy link</button>
                    )}
                    {answer.plan && <a class="button small" href={planLink("explore", answer.plan)}><Icon name="explore" size={15} />Explore</a>}
                    {answer.id && hasOperation("feedback") && <Thumbs id={answer.id} />}
                </div>
            )}
            {sqlOpen && answer.sql && <Sql sql={answer.sql} busy={busy} onRun={(query) => onAsk({ query })} />}
            {answer.suggestions.length > 0 && !busy && (
                <div class="suggestions" role="group" aria-label="Ask next">
                    {answer.suggestions.map((question) => <button type="button" class="suggestion" onClick={() => onAsk({ question, fresh: true })}>{question}</button>)}
                </div>
            )}
        </div>
    );
}

const isSingleNumber = (answer: Answer): boolean => answer.rows.length === 1 && answer.columns.length <= 6 && answer.columns.some((column) => column.unit !== null);

/** Whether the answer was what was meant: noted in the server's log. */
function Thumbs({ id }: { id: string }) {
    const [given, setGiven] = useState<"up" | "down" | null>(null);
    const give = (thumbs: "up" | "down"): void => {
        call("feedback", { thumbs, id }).then(() => { setGiven(thumbs); notify("Noted, thank you."); }, (error: unknown) => notify(messageOf(error)));
    };
    return (
        <span class="segmented thumbs" role="group" aria-label="Was this what you meant?">
            <button type="button" aria-pressed={given === "up"} aria-label="This is what I meant" title="This is what I meant" onClick={() => give("up")}><Icon name="thumbUp" size={15} /></button>
            <button type="button" aria-pressed={given === "down"} aria-label="This is not what I meant" title="This is not what I meant" onClick={() => give("down")}><Icon name="thumbDown" size={15} /></button>
        </span>
    );
}

/** One row reads better as large numbers than as a table. */
function Figures({ answer }: { answer: Answer }) {
    return (
        <dl class="figures">
            {answer.columns.map((column, at) => (
                <div>
                    <dt>{column.label ?? column.name}</dt>
                    <dd title={String(answer.rows[0]![at] ?? "")}>{answer.display[0]?.[at] ?? "–"}</dd>
                </div>
            ))}
        </dl>
    );
}

export function ChartKinds({ model, kind, onChoose }: { model: ChartModel; kind: ChartKind; onChoose: (kind: ChartKind) => void }) {
    if (model.kinds.length < 2) return null;
    return (
        <div class="chart-kinds" role="group" aria-label="Kind of chart">
            {model.kinds.map((have) => (
                <button type="button" aria-pressed={have === kind} title={CHART_NAMES[have]} aria-label={CHART_NAMES[have]} onClick={() => onChoose(have)}>
                    <Icon name={CHART_ICONS[have]} size={16} />
                </button>
            ))}
        </div>
    );
}

function SectionView({ section }: { section: Section }) {
    return (
        <section class="section">
            <h3>{section.title}</h3>
            <Table columns={section.columns} rows={section.rows} display={section.display} caption={section.title} visible={8} />
        </section>
    );
}

function BasisLine({ answer, took }: { answer: Answer; took: number | null }) {
    const basis = answer.basis;
    const verified = answer.verified;
    const period = basis?.period;
    return (
        <details class="basis">
            <summary>
                {verified && verified.numbers > 0 && (
                    <span class="badge good"><Icon name="check" size={13} />{verified.verified}/{verified.numbers} numbers checked</span>
                )}
                {period && <span>{periodLabel(period.start, period.end)}{period.complete ? "" : ", not complete"}</span>}
                {basis?.currency && <span>{basis.currency}</span>}
                <span>{displayCount(answer.row_count)} {answer.row_count === 1 ? "row" : "rows"}</span>
                {took !== null && <span>{took < 10 ? took.toFixed(1) : Math.round(took)} ms</span>}
                {basis && basis.warnings.length > 0 && <span class="badge warn"><Icon name="warning" size={13} />{basis.warnings.length} to note</span>}
                <span class="basis-more">What was counted</span>
            </summary>
            <dl class="pairs">
                {answer.paraphrase && <><dt>reading</dt><dd>{answer.paraphrase}</dd></>}
                {basis?.measure && <><dt>measure</dt><dd>{basis.measure}</dd></>}
                {basis && basis.filters.length > 0 && <><dt>filters</dt><dd>{basis.filters.join("; ")}</dd></>}
                {basis && basis.assumed.length > 0 && <><dt>assumed</dt><dd>{basis.assumed.map((text) => <div>{text}</div>)}</dd></>}
                {basis && basis.warnings.length > 0 && <><dt>to note</dt><dd>{basis.warnings.map((text) => <div>{text}</div>)}</dd></>}
                {basis?.as_of && <><dt>today is</dt><dd>{basis.as_of}</dd></>}
                {basis?.data_through && <><dt>data through</dt><dd>{basis.data_through} UTC</dd></>}
                {basis?.source && <><dt>source</dt><dd class="breakable">{basis.source}</dd></>}
            </dl>
        </details>
    );
}

function ExportMenu({ answer, model, kind }: { answer: Answer; model: ChartModel | null; kind: ChartKind | null }) {
    const dataset = useStore((state) => state.dataset);
    const title = answer.paraphrase ?? answer.question;
    const request = { ...(answer.plan ? { plan: answer.plan } : { query: answer.sql }), ...(dataset ? { dataset } : {}) };
    const save = async (accept: string, extension: string): Promise<void> => {
        try {
            saveText(fileName(title, extension), await callText(answer.plan ? "ask" : "sql", request, accept), accept);
        } catch (error) {
            notify(messageOf(error));
        }
    };
    const picture = (format: "png" | "svg"): void => {
        if (model && kind) saveChart(model, kind, format, fileName(title, format)).catch((error: unknown) => notify(messageOf(error)));
    };
    return (
        <Popover class="button small" title="Save this answer" label={<><Icon name="download" size={15} />Export</>}>
            {(close) => (
                <ul class="choice-list" onClick={close}>
                    <li><button type="button" data-item class="choice" onClick={() => void save("text/csv", "csv")}><span>CSV</span><small>exact values</small></button></li>
                    <li><button type="button" data-item class="choice" onClick={() => void save("text/markdown", "md")}><span>Markdown</span><small>for a document or ticket</small></button></li>
                    {model && kind && kind !== "table" && <>
                        <li><button type="button" data-item class="choice" onClick={() => picture("png")}><span>PNG</span><small>picture of the chart</small></button></li>
                        <li><button type="button" data-item class="choice" onClick={() => picture("svg")}><span>SVG</span><small>drawing of the chart</small></button></li>
                    </>}
                </ul>
            )}
        </Popover>
    );
}

function Declined({ answer, query, onAsk, onRevise }: { answer: Answer; query: string | null; onAsk: Props["onAsk"]; onRevise: Props["onRevise"] }) {
    const reason = answer.reason;
    const clarify = answer.status === "clarify";
    const typed = query !== null;
    return (
        <div class={`declined ${clarify ? "clarify" : ""}`}>
            <div class="declined-head">
                <Icon name={clarify ? "ask" : typed ? "code" : "info"} size={20} />
                <div>
                    <h3>{clarify ? "Which one is meant?" : typed ? "The guard did not let this run" : "This cannot be answered as it stands"}</h3>
                    <p>{reason ? readMarkdown(reason.message).map((piece) => (piece.bold ? <strong>{piece.text}</strong> : piece.text)) : ""}</p>
                </div>
            </div>
            {query !== null && <Sql sql={query} editing onRun={(text) => onRevise({ query: text })} />}
            {answer.alternatives.length > 0 && (
                <ol class="alternatives">
                    {answer.alternatives.map((alternative) => (
                        <li><button type="button" class="alternative" onClick={() => onRevise({ plan: alternative.plan, question: answer.question })}>{alternative.paraphrase}</button></li>
                    ))}
                </ol>
            )}
            {(reason?.nearest?.length ?? 0) > 0 && <p class="quiet">Closest in this data: {reason!.nearest!.join(", ")}</p>}
            {answer.suggestions.length > 0 && (
                <div class="suggestions" role="group" aria-label="Ask instead">
                    {answer.suggestions.map((question) => <button type="button" class="suggestion" onClick={() => onAsk({ question, fresh: true })}>{question}</button>)}
                </div>
            )}
        </div>
    );
}
