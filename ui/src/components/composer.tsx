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

/** The server names candidates for the last word, or whole texts: both end as a whole question here. */
function readCompletions(found: { completions?: unknown[]; start?: number; candidates?: unknown[] }, typed: string): Completion[] {
    const list = found.completions ?? found.candidates ?? [];
    return list.slice(0, 7).flatMap((item) => {
        const word = typeof item === "string" ? item : String((item as { text?: string }).text ?? "");
        if (!word) return [];
        if (word.toLowerCase().startsWith(typed.toLowerCase())) return [{ text: word, label: word }];
        const start = typeof found.start === "number" ? found.start : typed.search(/\S+$/);
        return [{ text: typed.slice(0, Math.max(0, start)) + word, label: word }];
    });
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
            call<{ completions?: unknown[] }>("complete", { text: draft, ...(dataset ? { dataset } : {}) }, controller.signal).then(
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
