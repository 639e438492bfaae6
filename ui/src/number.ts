// Exact decimals and how they are written: the browser's side of the one number format (src/answer/display.c).
//
// The server sends every cell with its display text. This is for what only the browser makes: ticks of an axis, the sum of what is
// folded into "Other (n)". Money is never a floating-point number here; only positions on the screen are.

import currencies from "../../tables/currencies.tsv";

export interface Decimal {
    units: bigint;
    scale: number; // digits behind the point
}

export const ZERO: Decimal = { units: 0n, scale: 0 };

export function parseDecimal(text: string | number | null | undefined): Decimal | null {
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(String(text ?? ""));
    if (!match || (!match[2] && !match[3])) return null;
    const fraction = match[3] ?? "";
    const units = BigInt(match[2] + fraction || "0") * (match[1] === "-" ? -1n : 1n);
    const scale = fraction.length - Number(match[4] ?? 0);
    return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function atScale(value: Decimal, scale: number): bigint {
    return value.units * 10n ** BigInt(scale - value.scale);
}

export function addDecimal(a: Decimal, b: Decimal): Decimal {
    const scale = Math.max(a.scale, b.scale);
    return { units: atScale(a, scale) + atScale(b, scale), scale };
}

export function subtractDecimal(a: Decimal, b: Decimal): Decimal {
    return addDecimal(a, { units: -b.units, scale: b.scale });
}

export function compareDecimal(a: Decimal, b: Decimal): number {
    const scale = Math.max(a.scale, b.scale);
    const left = atScale(a, scale), right = atScale(b, scale);
    return left < right ? -1 : left > right ? 1 : 0;
}

/** Rounds half to even. */
export function roundDecimal(value: Decimal, places: number): Decimal {
    if (value.scale <= places) return { units: atScale(value, places), scale: places };
    const power = 10n ** BigInt(value.scale - places);
    let quotient = value.units / power;
    const rest = value.units % power;
    const twice = (rest < 0n ? -rest : rest) * 2n;
    if (twice > power || (twice === power && quotient % 2n !== 0n)) quotient += value.units < 0n ? -1n : 1n;
    return { units: quotient, scale: places };
}

export function decimalText(value: Decimal): string {
    const negative = value.units < 0n;
    const digits = (negative ? -value.units : value.units).toString().padStart(value.scale + 1, "0");
    const whole = digits.slice(0, digits.length - value.scale);
    return (negative ? "-" : "") + whole + (value.scale ? `.${digits.slice(-value.scale)}` : "");
}

/** For positions on a screen only. */
export function decimalNumber(value: Decimal): number {
    return Number(decimalText(value));
}

interface Currency {
    symbol: string | null;
    digits: number;
}

const known = new Map<string, Currency>();
for (const line of currencies.split("\n")) {
    const [code, symbol, digits] = line.split("\t");
    if (code?.length === 3 && symbol && digits) known.set(code, { symbol: symbol === "-" ? null : symbol, digits: Number(digits) });
}

const absolute = (value: Decimal): Decimal => (value.units < 0n ? { units: -value.units, scale: value.scale } : value);

function grouped(value: Decimal, places: number): string {
    const text = decimalText(roundDecimal(value, places));
    const [whole = "0", fraction] = text.split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? `.${fraction}` : "");
}

/** Digits behind the point that show the first two significant digits of a value below one. */
function placesOfTwoDigits(value: Decimal): number {
    let places = 0;
    while (places < 18 && compareDecimal({ units: value.units * 10n ** BigInt(places), scale: value.scale }, { units: 10n, scale: 0 }) < 0)
        places++;
    return places;
}

const WHOLE_FROM: Decimal = { units: 10000n, scale: 0 };

function moneyPlaces(value: Decimal, usual: number): number {
    if (compareDecimal(value, WHOLE_FROM) >= 0) return 0;
    if (value.units === 0n || roundDecimal(value, usual).units !== 0n) return usual;
    return placesOfTwoDigits(value);
}

function percentPlaces(value: Decimal): number {
    const hundred: Decimal = { units: 100n, scale: 0 };
    if (value.units === 0n) return 1;
    const rounded = roundDecimal(value, 1);
    if (rounded.units === 0n) return placesOfTwoDigits(value);
    const falseHundred = compareDecimal(rounded, hundred) === 0 && compareDecimal(value, hundred) < 0;
    return falseHundred && compareDecimal(roundDecimal(value, 2), hundred) !== 0 ? 2 : 1;
}

const quantityPlaces = (value: Decimal): number => moneyPlaces(value, compareDecimal(value, { units: 1n, scale: 0 }) < 0 ? 4 : 2);

const trimZeros = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);

function money(value: Decimal, code: string, currency: Currency, places: number): string {
    const digits = grouped(value, places);
    return currency.symbol ? `${currency.symbol}${digits}` : `${code} ${digits}`;
}

/** A number as tables and summaries write it. */
export function displayNumber(value: string | number | null, unit: string | null | undefined): string {
    if (value === null) return "–";
    const number = parseDecimal(value);
    if (!number) return String(value);
    return displayDecimal(number, unit);
}

export function displayDecimal(number: Decimal, unit: string | null | undefined): string {
    const size = absolute(number);
    const sign = number.units < 0n ? "-" : "";
    const currency = unit ? known.get(unit) : undefined;
    if (unit && currency) return sign + money(size, unit, currency, moneyPlaces(size, currency.digits));
    const price = unit && / per /.test(unit) ? known.get(unit.slice(0, 3)) : undefined;
    if (unit && price) return sign + money(size, unit.slice(0, 3), price, quantityPlaces(size)) + unit.slice(3);
    if (unit === "percent") return `${sign}${grouped(size, percentPlaces(size))}%`;
    const digits = trimZeros(grouped(size, quantityPlaces(size)));
    return sign + (unit && unit !== "count" ? `${digits} ${unit}` : digits);
}

/** A tick of an axis: round numbers in the same format, without decimals that say nothing. */
export function displayTick(value: number, unit: string | null | undefined): string {
    const number = parseDecimal(Number(value.toPrecision(12)));
    if (!number) return String(value);
    if (number.units === 0n) return unit && known.get(unit)?.symbol ? `${known.get(unit)!.symbol}0` : unit === "percent" ? "0%" : "0";
    const text = displayDecimal(number, unit);
    return Number.isInteger(value) ? text.replace(/\.0+(?=\D|$)/, "") : text;
}

const SIZES = ["B", "kB", "MB", "GB", "TB"];

/** Bytes of a file, for people. */
export function displayBytes(bytes: number): string {
    let size = bytes, step = 0;
    while (size >= 1000 && step < SIZES.length - 1) { size /= 1000; step++; }
    return `${step && size < 100 ? size.toFixed(1) : Math.round(size)} ${SIZES[step]}`;
}

export function displayCount(count: number): string {
    return displayDecimal(parseDecimal(count) ?? ZERO, "count");
}
