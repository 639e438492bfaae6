// Activity: what was asked in this session, and what the server learned where it keeps a record.

import { call } from "../api.ts";
import { Empty, Failure, Skeleton, useLoaded } from "../components/parts.tsx";
import { Table } from "../components/table.tsx";
import type { Cell, Column } from "../contract.ts";
import { displayCount } from "../number.ts";
import { hasOperation, useStore, type Turn } from "../store.ts";
import { Facts } from "./facts.tsx";

export function ActivityPage() {
    const turns = useStore((state) => state.turns);
    return (
        <div class="columns">
            {hasOperation("stats") ? <Learned /> : (
                <section class="panel">
                    <h2>Learning</h2>
                    <p class="quiet">This version keeps no record of questions from one start to the next. Below is what this browser asked since the page was opened; it is held nowhere else.</p>
                </section>
            )}
            {turns.length > 0 ? <Session turns={turns} /> : (
                <Empty icon="activity" title="Nothing asked yet"><p>Questions of this session appear here, with how long each took.</p><a class="button primary" href="/ask">Ask a question</a></Empty>
            )}
        </div>
    );
}

function Learned() {
    const [loaded, again] = useLoaded((signal) => call<{ [name: string]: unknown }>("stats", {}, signal), []);
    return (
        <section class="panel wide">
            <h2>Learning</h2>
            {loaded.state === "loading" && <Skeleton lines={6} />}
            {loaded.state === "failed" && <Failure message={loaded.message} again={again} />}
            {loaded.state === "ready" && <Facts value={loaded.value} />}
        </section>
    );
}

const COLUMNS: Column[] = [
    { name: "at", label: "asked at", type: "text", unit: null },
    { name: "question", label: "question", type: "text", unit: null },
    { name: "status", label: "came out", type: "text", unit: null },
    { name: "rows", label: "rows", type: "integer", unit: null },
    { name: "ms", label: "in this browser, ms", type: "decimal", unit: null },
    { name: "server_ms", label: "on the server, ms", type: "decimal", unit: null },
];

function median(values: number[]): number | null {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)]! : null;
}

function Session({ turns }: { turns: Turn[] }) {
    const done = turns.filter((turn) => !turn.busy);
    const took = done.flatMap((turn) => (turn.took_ms === null ? [] : [turn.took_ms]));
    const count = (status: string): number => done.filter((turn) => turn.answer.status === status).length;
    const rows: Cell[][] = [...turns].reverse().map((turn) => [
        new Date(turn.asked_at).toLocaleTimeString(), turn.question ?? turn.query ?? turn.answer.paraphrase ?? "", turn.busy ? "working" : turn.answer.status,
        turn.answer.row_count, turn.took_ms === null ? null : turn.took_ms.toFixed(1), turn.answer.timing_ms["total"] === undefined ? null : Number(turn.answer.timing_ms["total"]).toFixed(1),
    ]);
    const typical = median(took);
    return (
        <section class="panel wide">
            <h2>This session</h2>
            <dl class="figures">
                <div><dt>questions</dt><dd>{displayCount(turns.length)}</dd></div>
                <div><dt>answered</dt><dd>{displayCount(count("answered"))}</dd></div>
                <div><dt>declined or asked back</dt><dd>{displayCount(count("refused") + count("clarify"))}</dd></div>
                <div><dt>failed</dt><dd>{displayCount(count("error"))}</dd></div>
                <div><dt>median</dt><dd>{typical === null ? "–" : `${typical.toFixed(0)} ms`}</dd></div>
            </dl>
            <Table columns={COLUMNS} rows={rows} display={rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))))} caption="Questions of this session" />
        </section>
    );
}
