// A button that opens a small panel beside it: menus, pickers, editors of chips. Escape and a click elsewhere close it; the focus goes
// into it and comes back.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
    label: ComponentChildren;
    title: string; // what the button opens, for those who do not see it
    class?: string;
    align?: "left" | "right";
    wide?: boolean;
    disabled?: boolean;
    children: (close: () => void) => ComponentChildren;
}

const FOCUSABLE = "input:not([disabled]), select, textarea, button:not([disabled]), a[href], [tabindex='0']";

export function Popover({ label, title, class: className = "button", align = "left", wide = false, disabled = false, children }: Props) {
    const [open, setOpen] = useState(false);
    const root = useRef<HTMLDivElement>(null);
    const trigger = useRef<HTMLButtonElement>(null);
    const panel = useRef<HTMLDivElement>(null);

    const close = (): void => {
        setOpen(false);
        trigger.current?.focus({ preventScroll: true });
    };

    useEffect(() => {
        if (!open) return;
        const onDown = (event: Event): void => {
            if (!root.current?.contains(event.target as Node)) setOpen(false);
        };
        document.addEventListener("pointerdown", onDown);
        document.addEventListener("focusin", onDown);
        return () => {
            document.removeEventListener("pointerdown", onDown);
            document.removeEventListener("focusin", onDown);
        };
    }, [open]);

    // The panel stays within the window, whatever the side it was asked to open to.
    useLayoutEffect(() => {
        const box = panel.current;
        if (!open || !box) return;
        box.style.transform = "";
        const edge = box.getBoundingClientRect(), margin = 8;
        const shift = edge.left < margin ? margin - edge.left : Math.min(0, window.innerWidth - margin - edge.right);
        if (shift) box.style.transform = `translateX(${Math.round(shift)}px)`;
        if (edge.bottom > window.innerHeight - margin && edge.height < edge.top) box.classList.add("above");
        const first = box.querySelector<HTMLElement>("[data-autofocus]") ?? box.querySelector<HTMLElement>(FOCUSABLE);
        first?.focus({ preventScroll: true });
    }, [open]);

    const onKey = (event: KeyboardEvent): void => {
        if (event.key === "Escape" && open) {
            event.stopPropagation();
            close();
        }
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        const items = [...(panel.current?.querySelectorAll<HTMLElement>("[data-item]") ?? [])];
        if (!open || !items.length || (event.target as HTMLElement).tagName === "SELECT") return;
        event.preventDefault();
        const at = items.indexOf(document.activeElement as HTMLElement);
        const next = event.key === "ArrowDown" ? Math.min(at + 1, items.length - 1) : at - 1;
        if (next >= 0) items[next]?.focus();
        else panel.current?.querySelector<HTMLElement>("input")?.focus();
    };

    return (
        <div class="popover" ref={root} onKeyDown={onKey}>
            <button type="button" ref={trigger} class={className} title={title} disabled={disabled} aria-haspopup="dialog" aria-expanded={open}
                onClick={() => (open ? close() : setOpen(true))}>
                {label}
            </button>
            {open && (
                <div class={`popover-panel ${align}${wide ? " wide" : ""}`} ref={panel} role="dialog" aria-label={title}>
                    {children(close)}
                </div>
            )}
        </div>
    );
}

interface Choice<T> {
    value: T;
    label: string;
    hint?: string;
}

interface ChoicesProps<T> {
    choices: Choice<T>[];
    current?: T;
    search?: string; // what to search for; given, a field stands above the list
    empty?: string;
    onChoose: (value: T) => void;
}

const SHOWN_CHOICES = 200;

/** A list to choose one from. */
export function Choices<T>({ choices, current, search, empty = "Nothing is called so.", onChoose }: ChoicesProps<T>) {
    const [text, setText] = useState("");
    const wanted = text.trim().toLowerCase();
    const found = wanted ? choices.filter((choice) => `${choice.label} ${choice.hint ?? ""}`.toLowerCase().includes(wanted)) : choices;
    return (
        <div class="choices">
            {search && (
                <input type="search" class="field" placeholder={search} aria-label={search} value={text} data-autofocus
                    onInput={(event) => setText(event.currentTarget.value)}
                    onKeyDown={(event) => {
                        const only = found[0];
                        if (event.key === "Enter" && only && wanted) onChoose(only.value);
                    }} />
            )}
            <ul class="choice-list">
                {found.slice(0, SHOWN_CHOICES).map((choice) => (
                    <li>
                        <button type="button" data-item class="choice" aria-current={choice.value === current || undefined} onClick={() => onChoose(choice.value)}>
                            <span>{choice.label}</span>
                            {choice.hint && <small>{choice.hint}</small>}
                        </button>
                    </li>
                ))}
                {found.length === 0 && <li class="quiet choice-empty">{empty}</li>}
            </ul>
        </div>
    );
}
