// Choosing a period: what is loaded, month by month, or days of one's own.

import { useState } from "preact/hooks";
import type { Period } from "../contract.ts";
import { addDays, periodChoices, periodLabel } from "../plan.ts";
import { useStore, type SelectedPeriod } from "../store.ts";

interface Props {
    current: Period | null;
    onChoose: (period: SelectedPeriod | null) => void;
}

export function PeriodPicker({ current, onChoose }: Props) {
    const fields = useStore((state) => state.fields);
    const first = fields?.first_day ?? "", last = fields?.last_day ?? "";
    const [from, setFrom] = useState(current?.start ?? first);
    const [to, setTo] = useState(current?.end ? addDays(current.end, -1) : last);
    const valid = /^\d{4}-\d\d-\d\d$/.test(from) && /^\d{4}-\d\d-\d\d$/.test(to) && from <= to;
    const choose = (): void => {
        if (valid) onChoose({ start: from, end: addDays(to, 1), label: periodLabel(from, addDays(to, 1)) });
    };
    return (
        <div class="period-picker">
            <ul class="choice-list">
                <li>
                    <button type="button" class="choice" data-item aria-current={!current?.start || undefined} onClick={() => onChoose(null)}>
                        <span>All loaded data</span>
                        {first && <small>{first} to {last}</small>}
                    </button>
                </li>
                {periodChoices(fields).map((choice) => (
                    <li>
                        <button type="button" class="choice" data-item aria-current={(choice.start === current?.start && choice.end === current?.end) || undefined}
                            onClick={() => onChoose(choice)}>
                            <span>{choice.label}</span>
                        </button>
                    </li>
                ))}
            </ul>
            <form class="period-own" onSubmit={(event) => { event.preventDefault(); choose(); }}>
                <label>from <input class="field" type="date" min={first} max={last} value={from} onInput={(event) => setFrom(event.currentTarget.value)} /></label>
                <label>to <input class="field" type="date" min={first} max={last} value={to} onInput={(event) => setTo(event.currentTarget.value)} /></label>
                <button type="submit" class="button small primary" disabled={!valid}>Use these days</button>
            </form>
        </div>
    );
}
