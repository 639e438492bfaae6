// Activity: what is asked, how well it is answered and how fast, as the server's log of questions says; and this browser's session.

import { useMemo } from "preact/hooks";
import { ask } from "../actions.ts";
import { call } from "../api.ts";
import { Chart } from "../charts/chart.tsx";
import type { ChartModel } from "../charts/model.ts";
import { Icon } from "../components/icon.tsx";
import { Empty, Failure, Skeleton, useLoaded } from "../components/parts.tsx";
import { Table } from "../components/table.tsx";
import type { Cell, Column, Stats } from "../contract.ts";
import type { Exact } from "../json.ts";
import { ZERO, displayCount, displayNumber, parseDecimal } from "../number.ts";
import { hasOperation, useStore, type Turn } from "../store.ts";

export function ActivityPage() {
    const turns = useStore((state) => state.turns);
    const learns = hasOperation("stats");
    return (
        <div class="columns">
            {learns ? <Learned turns={turns.length} /> : (
                <section class="panel wide"><h2>Learning</h2><p class="quiet">This server keeps no log of questions. Below is what this browser asked since the page was opened; it is held nowhere else.</p></section>
            )}
            {turns.length > 0 && <Session turns={turns} />}
            {turns.length === 0 && !learns && (
                <Empty icon="activity" title="Nothing asked yet"><p>Questions of this session appear here, with how long each took.</p><a class="button primary" href="/ask">Ask a question</a></Empty>
            )}
        </div>
    );
}

const ms = (value: Exact | null | undefined): string => (value === null || value === undefined ? "–" : `${displayNumber(value, null)} ms`);

function partOf(some: number, all: number): string {
    return all ? `${displayCount(some)} (${displayNumber(((100 * some) / all).toFixed(4), "percent")})` : displayCount(some);
}

function Learned({ turns }: { turns: number }) {
    const [loaded, again] = useLoaded((signal) => call<Stats>("stats", {}, signal), [turns]);
    if (loaded.state === "loading") return <section class="panel wide"><h2>Learning</h2><Skeleton height={260} /></section>;
    if (loaded.state === "failed") return <section class="panel wide"><h2>Learning</h2><Failure message={loaded.message} again={again} /></section>;
    const { totals, latency, ...stats } = loaded.value;
    if (!totals.questions)
        return <Empty icon="activity" title="Nothing asked yet"><p>What is asked on this machine, how well and how fast it is answered, appears here.</p><a class="button primary" href="/ask">Ask a question</a></Empty>;
    return (
        <>
            <section class="panel wide">
                <h2>Questions</h2>
                <dl class="figures">
                    <div><dt>asked</dt><dd>{displayCount(totals.questions)}</dd></div>
                    <div><dt>answered</dt><dd>{partOf(totals.answered, totals.questions)}</dd></div>
                    <div><dt>asked back</dt><dd>{displayCount(totals.clarify)}</dd></div>
                    <div><dt>declined</dt><dd>{displayCount(totals.refused)}</dd></div>
                    <div><dt>without a model</dt><dd>{partOf(totals.offline, totals.questions)}</dd></div>
                    <div><dt>numbers checked</dt><dd>{displayCount(totals.verified)} of {displayCount(totals.numbers)}</dd></div>
                    <div><dt>median</dt><dd>{ms(latency.p50_ms)}</dd></div>
                    <div><dt>95% within</dt><dd>{ms(latency.p95_ms)}</dd></div>
                    <div><dt>thumbs</dt><dd>{displayCount(totals.liked)} up, {displayCount(totals.disliked)} down</dd></div>
                </dl>
                {stats.days.length > 1 && <Days days={stats.days} />}
                <p class="quiet small-text breakable">The log stays on this machine: {stats.log}{stats.retention_days ? `, kept for ${stats.retention_days} days` : ""}. “curlew forget” clears it.</p>
            </section>
            <List title="What is asked most" rows={stats.patterns} columns={[["pattern", "pattern"], ["questions", "questions"], ["example", "as in"]]} />
            <List title="Services asked about" rows={stats.services} columns={[["service", "service"], ["questions", "questions"]]} />
            <List title="Why questions were not answered" rows={stats.refusals} columns={[["code", "reason"], ["questions", "questions"], ["example", "as in"]]} />
            <List title="Words that were not understood" rows={stats.unknown} columns={[["word", "word"], ["questions", "questions"], ["example", "as in"]]} />
            <List title="Slowest" rows={stats.slow} columns={[["question", "question"], ["total_ms", "ms"], ["at", "asked at"]]} />
        </>
    );
}

function Days({ days }: { days: Stats["days"] }) {
    const model = useMemo((): ChartModel => {
        const line = (name: string, values: number[]): ChartModel["series"][number] => ({
            key: name, name, folded: 0, unit: "count", marks: values.map((value) => ({ value: parseDecimal(value), number: value, text: displayCount(value) })),
        });
        return {
            kinds: ["bar"], time: true, xColumn: null, seriesColumn: null, measure: "questions", unit: "count", negative: false, total: ZERO,
            categories: days.map((day) => ({ key: day.day, name: day.day, folded: 0, partial: false })),
            series: [line("answered", days.map((day) => day.answered)), line("not answered", days.map((day) => day.questions - day.answered))],
        };
    }, [days]);
    return <Chart model={model} kind="stacked" title="Questions a day" height={200} />;
}

const NUMBERS = new Set(["questions", "answered", "total_ms"]);

function List({ title, rows, columns }: { title: string; rows: { [name: string]: Cell }[]; columns: [string, string][] }) {
    if (!rows.length) return null;
    const heads = columns.map(([name, label]): Column => ({ name, label, type: NUMBERS.has(name) ? "decimal" : "text", unit: null }));
    const cells = rows.map((row) => columns.map(([name]) => row[name] ?? null));
    const asked = columns.findIndex(([name]) => name === "example" || name === "question");
    return (
        <section class="panel">
            <h2>{title}</h2>
            <Table columns={heads} rows={cells} display={cells.map((row) => row.map((cell, at) => (cell === null ? "–" : NUMBERS.has(columns[at]![0]) ? displayNumber(cell as string, null) : String(cell))))} caption={title} visible={8}
                pickLabel="Ask again:" pickable={(column) => asked >= 0 && column.name === columns[asked]![0]} onPick={(pick) => void ask({ question: String(cells[pick.row]![pick.column]), fresh: true })} />
        </section>
    );
}

const COLUMNS: Column[] = [
    { name: "at", label: "asked at", type: "text", unit: null },
    { name: "question", label: "question", type: "text", unit: null },
    { name: "status", label: "came out", type: "text", unit: null },
    { name: "rows", label: "rows", type: "integer", unit: null },
    { name: "ms", label: "here, ms", type: "decimal", unit: null },
    { name: "server_ms", label: "server, ms", type: "decimal", unit: null },
];

function Session({ turns }: { turns: Turn[] }) {
    const rows = [...turns].reverse().map((turn): Cell[] => [
        new Date(turn.asked_at).toLocaleTimeString(), turn.question ?? turn.query ?? turn.answer.paraphrase ?? "", turn.busy ? "working" : turn.answer.status,
        turn.answer.row_count, turn.took_ms === null ? null : turn.took_ms.toFixed(1), turn.answer.timing_ms["total"] === undefined ? null : Number(turn.answer.timing_ms["total"]).toFixed(1),
    ]);
    return (
        <section class="panel wide">
            <h2><Icon name="history" size={16} /> This session</h2>
            <Table columns={COLUMNS} rows={rows} display={rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))))} caption="Questions of this session" />
        </section>
    );
}
