// Chance that is the same in every run (mulberry32), and the words that it draws from.

export class Dice {
  constructor(seed) {
    this.state = seed >>> 0
  }

  /** A number from 0 up to 1, without 1. */
  roll() {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  below(n) {
    return Math.floor(this.roll() * n)
  }

  pick(list) {
    return list[this.below(list.length)]
  }

  sample(list, count) {
    const rest = [...list]
    return Array.from({ length: count }, () => rest.splice(this.below(rest.length), 1)[0])
  }

  hex(bytes) {
    return Array.from({ length: bytes }, () => this.below(256).toString(16).padStart(2, "0")).join("")
  }

  text(sentences) {
    return Array.from({ length: sentences }, () => this.pick(SENTENCES)).join(" ")
  }
}

const SENTENCES = [
  "The night shift hears of it last.",
  "Die Übergabe verliert jedes Mal etwas.",
  "引き継ぎのたびに何かが抜け落ちる。",
  "Nobody owns the list 🗒️ and everybody edits it.",
  "We tried a checklist for two weeks; it was filled in after the fact.",
  "Ask first, then answer.",
  "« Qui décide ? »",
  "It cost 3 × 4 h, about 12 % of the week.",
  "לא ברור מי אחראי.",
]

export const base64 = bytes => Buffer.from(bytes).toString("base64")
export const unbase64 = text => new Uint8Array(Buffer.from(text, "base64"))
