// Ask: the conversation. Questions and answers in order, the field at the bottom, what was asked before at the side.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask, forgetTurns, revise, stopAsking } from "../actions.ts";
import { call } from "../api.ts";
import { AnswerView } from "../components/answer.tsx";
import { Composer } from "../components/composer.tsx";
import { Icon } from "../components/icon.tsx";
import { Skeleton, useLoaded } from "../components/parts.tsx";
import { Sql } from "../components/sql.tsx";
import { useStore, type Turn } from "../store.ts";
import { NothingLoaded } from "./nothing.tsx";

export function AskPage() {
    const turns = useStore((state) => state.turns);
    const datasets = useStore((state) => state.datasets);
    const end = useRef<HTMLDivElement>(null);
    const last = turns.at(-1)?.id ?? 0;
    useEffect(() => {
        if (last) document.getElementById(`turn-${last}`)?.scrollIntoView({ block: "start" });
    }, [last]);
    if (!datasets.length) return <NothingLoaded />;
    return (
        <div class="ask">
            <div class="thread">
                {turns.length === 0 ? <Welcome /> : turns.map((turn) => <TurnView key={turn.id} turn={turn} />)}
                <div ref={end} />
            </div>
            <div class="composer-bar">
                <Composer hint={turns.length ? "Ask on: “and by region?”, “only S3”, “why?”" : "Ask about cost or usage, in plain English"} />
            </div>
            <History turns={turns} />
        </div>
    );
}

function TurnView({ turn }: { turn: Turn }) {
    const heading = turn.question ?? (turn.query ? "SQL" : turn.answer.paraphrase) ?? "…";
    return (
        <article class="turn" id={`turn-${turn.id}`} aria-labelledby={`question-${turn.id}`}>
            <header class="turn-head">
                <h2 id={`question-${turn.id}`}>{heading}</h2>
                {turn.busy && <button type="button" class="button small" onClick={() => stopAsking(turn.id)}><Icon name="stop" size={14} />Stop</button>}
            </header>
            {turn.question && turn.answer.paraphrase && <p class="paraphrase">{turn.answer.paraphrase}</p>}
            <AnswerView answer={turn.answer} busy={turn.busy} took={turn.took_ms} query={turn.query} onRevise={(request) => void revise(turn.id, request)} onAsk={(request) => void ask(request)} />
        </article>
    );
}

function Welcome() {
    const dataset = useStore((state) => state.dataset);
    const version = useStore((state) => state.data_version);
    const [typing, setTyping] = useState(false);
    const [loaded] = useLoaded((signal) => call<{ questions: string[] }>("questions", dataset ? { dataset } : {}, signal), [dataset, version]);
    return (
        <section class="welcome">
            <h2>What do you want to know?</h2>
            <p class="quiet">Answers are computed from the loaded lines; each says what was counted and shows its SQL.</p>
            {loaded.state === "loading" && <Skeleton lines={6} />}
            {loaded.state === "ready" && (
                <ul class="question-list">
                    {loaded.value.questions.map((question) => (
                        <li><button type="button" class="question-card" onClick={() => void ask({ question, fresh: true })}><Icon name="ask" size={16} /><span>{question}</span></button></li>
                    ))}
                </ul>
            )}
            <button type="button" class="button small" aria-expanded={typing} onClick={() => setTyping(!typing)}><Icon name="code" size={15} />Write SQL</button>
            {typing && <Sql sql={"SELECT ServiceName, sum(BilledCost) AS cost\nFROM bill\nGROUP BY ServiceName\nORDER BY cost DESC"} editing onRun={(query) => void ask({ query })} />}
        </section>
    );
}

function History({ turns }: { turns: Turn[] }) {
    if (!turns.length) return null;
    return (
        <aside class="history" aria-label="Asked before">
            <div class="history-head">
                <h2>Asked</h2>
                <button type="button" class="button small bare" onClick={forgetTurns} title="Begin a new conversation">New</button>
            </div>
            <ol>
                {turns.map((turn) => (
                    <li>
                        <button type="button" class={`history-entry ${turn.answer.status}`} onClick={() => document.getElementById(`turn-${turn.id}`)?.scrollIntoView({ block: "start" })}>
                            {turn.question ?? (turn.query ? "SQL" : turn.answer.paraphrase) ?? "…"}
                        </button>
                    </li>
                ))}
            </ol>
        </aside>
    );
}
