// The field for questions: completes words of the data while one types; Enter asks.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../actions.ts";
import { call } from "../api.ts";
import { getState, update, useStore } from "../store.ts";
import { Icon } from "./icon.tsx";

interface Completion {
    text: string; // the whole question with the word completed
    label: string;
}

const PAUSE_MS = 120;
const SHOWN = 7;

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** The server gives what may stand from a byte of the question on; a whole question comes out. */
function readCompletions(found: { from: number; texts: string[] }, typed: string): Completion[] {
    const before = decoder.decode(encoder.encode(typed).slice(0, found.from));
    return found.texts.slice(0, SHOWN).map((text) => ({ text: before + text, label: text }));
}

export function Composer({ hint }: { hint: string }) {
    const draft = useStore((state) => state.draft);
    const [found, setFound] = useState<Completion[]>([]);
    const [at, setAt] = useState(-1);
    const field = useRef<HTMLInputElement>(null);
    const typed = useRef(false);

    useEffect(() => {
        if (!typed.current || draft.trim().length < 2) return setFound([]);
        const controller = new AbortController();
        const timer = setTimeout(() => {
            const { dataset } = getState();
            call<{ from: number; texts: string[] }>("complete", { text: draft, ...(dataset ? { dataset } : {}) }, controller.signal).then(
                (answer) => { setFound(readCompletions(answer, draft)); setAt(-1); },
                () => setFound([]),
            );
        }, PAUSE_MS);
        return () => {
            clearTimeout(timer);
            controller.abort();
        };
    }, [draft]);

    const send = (text: string): void => {
        setFound([]);
        typed.current = false;
        void ask({ question: text });
    };
    const take = (completion: Completion): void => {
        update({ draft: `${completion.text} ` });
        setFound([]);
        field.current?.focus();
    };
    const onKey = (event: KeyboardEvent): void => {
        const chosen = found[at];
        if (event.key === "ArrowDown" && found.length) { event.preventDefault(); setAt(Math.min(at + 1, found.length - 1)); }
        else if (event.key === "ArrowUp" && found.length) { event.preventDefault(); setAt(Math.max(at - 1, -1)); }
        else if (event.key === "Escape") setFound([]);
        else if (event.key === "Tab" && found.length && !event.shiftKey) { event.preventDefault(); take(found[Math.max(at, 0)]!); }
        else if (event.key === "Enter" && chosen) { event.preventDefault(); take(chosen); }
        else if (event.key === "ArrowUp" && !draft) {
            const last = [...getState().turns].reverse().find((turn) => turn.question);
            if (last?.question) { event.preventDefault(); typed.current = false; update({ draft: last.question }); }
        }
    };
    const listed = found.length > 0;
    return (
        <form class="composer" role="search" onSubmit={(event) => { event.preventDefault(); if (draft.trim()) send(draft); }}>
            {listed && (
                <ul class="completions" id="completions" role="listbox" aria-label="Completions">
                    {found.map((completion, index) => (
                        <li role="option" id={`completion-${index}`} aria-selected={index === at} onPointerDown={(event) => { event.preventDefault(); take(completion); }}>{completion.label}</li>
                    ))}
                </ul>
            )}
            <input ref={field} class="question" data-question type="text" role="combobox" aria-label="Question" aria-expanded={listed} aria-controls="completions" aria-autocomplete="list"
                aria-activedescendant={at >= 0 ? `completion-${at}` : undefined} autocomplete="off" autocapitalize="off" spellcheck={false} maxLength={2000} placeholder={hint} value={draft}
                onInput={(event) => { typed.current = true; update({ draft: event.currentTarget.value }); }} onKeyDown={onKey} onBlur={() => setFound([])} />
            <button type="submit" class="button primary" disabled={!draft.trim()} aria-label="Ask"><Icon name="send" /></button>
        </form>
    );
}
