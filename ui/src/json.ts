// Reads JSON without losing digits: a number that JavaScript would print differently stays the text it was written as.
//
// Money travels as exact decimals of up to 38 digits; JSON.parse would round them to doubles. What prints back identically (counts,
// limits of a plan) becomes a number, so that a plan can be sent back as it came.

export type Exact = number | string;
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const DEPTH_LIMIT = 200;

class Reader {
    private at = 0;

    constructor(private readonly text: string) {}

    document(): Json {
        const value = this.value(0);
        this.space();
        if (this.at < this.text.length) throw this.wrong();
        return value;
    }

    private wrong(): SyntaxError {
        return new SyntaxError(`not JSON at character ${this.at}`);
    }

    private space(): void {
        for (;;) {
            const code = this.text.charCodeAt(this.at);
            if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
            this.at++;
        }
    }

    private take(word: string): void {
        if (!this.text.startsWith(word, this.at)) throw this.wrong();
        this.at += word.length;
    }

    private value(depth: number): Json {
        if (depth > DEPTH_LIMIT) throw this.wrong();
        this.space();
        switch (this.text[this.at]) {
            case "{": return this.object(depth);
            case "[": return this.array(depth);
            case '"': return this.string();
            case "t": this.take("true"); return true;
            case "f": this.take("false"); return false;
            case "n": this.take("null"); return null;
            default: return this.number();
        }
    }

    private object(depth: number): Json {
        const object: { [key: string]: Json } = {};
        this.at++;
        this.space();
        if (this.text[this.at] === "}") { this.at++; return object; }
        for (;;) {
            this.space();
            if (this.text[this.at] !== '"') throw this.wrong();
            const key = this.string();
            this.space();
            this.take(":");
            const value = this.value(depth + 1);
            // A key of this name is a property like any other, not the object's prototype.
            if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
            else object[key] = value;
            this.space();
            if (this.text[this.at] === ",") { this.at++; continue; }
            this.take("}");
            return object;
        }
    }

    private array(depth: number): Json {
        const array: Json[] = [];
        this.at++;
        this.space();
        if (this.text[this.at] === "]") { this.at++; return array; }
        for (;;) {
            array.push(this.value(depth + 1));
            this.space();
            if (this.text[this.at] === ",") { this.at++; continue; }
            this.take("]");
            return array;
        }
    }

    private string(): string {
        const start = this.at++;
        let plain = true;
        for (;;) {
            const code = this.text.charCodeAt(this.at);
            if (Number.isNaN(code)) throw this.wrong();
            if (code === 34) break;
            if (code === 92) { plain = false; this.at++; }
            this.at++;
        }
        this.at++;
        return plain ? this.text.slice(start + 1, this.at - 1) : (JSON.parse(this.text.slice(start, this.at)) as string);
    }

    private number(): Exact {
        const start = this.at;
        for (;;) {
            const code = this.text.charCodeAt(this.at);
            const digit = (code >= 48 && code <= 57) || code === 45 || code === 43 || code === 46 || code === 69 || code === 101;
            if (!digit) break;
            this.at++;
        }
        const text = this.text.slice(start, this.at);
        if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw this.wrong();
        const number = Number(text);
        return String(number) === text ? number : text;
    }
}

export function parseJson(text: string): Json {
    return new Reader(text).document();
}
