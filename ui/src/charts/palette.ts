// Colours of charts, read from the style sheet: one place says what light and dark look like.

export interface Palette {
    series: string[]; // told apart by people with any kind of colour vision; the last is for "Other"
    other: string;
    text: string;
    quiet: string;
    line: string;
    surface: string;
    partial: string;
    low: string; // ends of the scale of heat maps
    high: string;
    negative: string;
    accent: string;
    font: string;
}

export const SERIES_COLOURS = 8;

export function readPalette(): Palette {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    return {
        series: Array.from({ length: SERIES_COLOURS }, (_, index) => colour(`series-${index + 1}`)),
        other: colour("series-other"),
        text: colour("text"),
        quiet: colour("quiet"),
        line: colour("line"),
        surface: colour("surface"),
        partial: colour("partial"),
        low: colour("heat-low"),
        high: colour("heat-high"),
        negative: colour("heat-negative"),
        accent: colour("accent"),
        font: style.getPropertyValue("--font").trim(),
    };
}

function channels(colour: string): number[] {
    const hex = colour.replace("#", "");
    return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** A colour between two, `part` of the way (0 to 1). */
export function between(from: string, to: string, part: number): string {
    const a = channels(from), b = channels(to);
    return `#${a.map((channel, at) => Math.round(channel + (b[at]! - channel) * part).toString(16).padStart(2, "0")).join("")}`;
}

/** Black or white, whichever is read better on a colour (relative luminance of WCAG 2). */
export function inkOn(colour: string): string {
    const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.19 ? "#101418" : "#ffffff";
}
