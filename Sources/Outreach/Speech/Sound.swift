import Foundation

/// Speech as a telephone carries it: 8 kHz, one channel, 16 bits.
public struct Sound: Sendable, Hashable {
    /// Samples a second.
    static let rate = 8000
    let samples: [Int16]

    init(samples: [Int16]) { self.samples = samples }

    /// How long it takes.
    var length: Duration { .milliseconds(samples.count * 1000 / Self.rate) }

    /// With silence behind it.
    func padded(seconds: Int) -> Sound {
        Sound(samples: samples + [Int16](repeating: 0, count: seconds * Self.rate))
    }

    // MARK: Files

    /// As a WAV file.
    var file: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(44 + samples.count * 2)
        func put(_ text: String) { bytes += Array(text.utf8) }
        func put32(_ value: Int) { bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        func put16(_ value: Int) { bytes += (0..<2).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        put("RIFF")
        put32(36 + samples.count * 2)
        put("WAVEfmt ")
        put32(16)
        put16(1)
        put16(1)
        put32(Self.rate)
        put32(Self.rate * 2)
        put16(2)
        put16(16)
        put("data")
        put32(samples.count * 2)
        for sample in samples { put16(Int(sample)) }
        return bytes
    }

    /// Reads a WAV file of one channel and 16 bits, as voices make it; nil for any other.
    static func read(_ file: [UInt8]) -> (rate: Int, samples: [Int16])? {
        func number(_ place: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(file[place + $1]) << ($1 * 8) }
        }
        func tag(_ place: Int) -> String { String(decoding: file[place..<(place + 4)], as: UTF8.self) }
        guard file.count >= 12, tag(0) == "RIFF", tag(8) == "WAVE" else { return nil }
        var place = 12
        var rate: Int?
        while place + 8 <= file.count {
            let (name, size, body) = (tag(place), number(place + 4, 4), place + 8)
            if name == "fmt ", body + 16 <= file.count {
                guard number(body, 2) == 1, number(body + 2, 2) == 1, number(body + 14, 2) == 16 else { return nil }
                rate = number(body + 4, 4)
            } else if name == "data", let rate {
                let end = min(body + size, file.count)
                let samples = stride(from: body, to: end - 1, by: 2).map {
                    Int16(truncatingIfNeeded: number($0, 2))
                }
                return (rate, samples)
            }
            place = body + size + size % 2
        }
        return nil
    }

    /// A sound of 8 kHz from a voice's file: what telephones can't carry is taken out first, for it would be heard as
    /// noise; then silence at both ends goes, and the loudest place is brought to half of what is possible.
    ///
    /// Nil where the file isn't 8 kHz or a multiple of it, or where nothing is to be heard.
    init?(voice file: [UInt8]) {
        guard let (rate, samples) = Self.read(file), rate >= Self.rate, rate % Self.rate == 0 else { return nil }
        let step = rate / Self.rate
        let narrow = step == 1 ? samples.map(Double.init) : Self.narrowed(samples, step)
        guard let peak = narrow.map(abs).max(), peak > 100 else { return nil }
        let quiet = peak / 100
        guard let first = narrow.firstIndex(where: { abs($0) > quiet }),
            let last = narrow.lastIndex(where: { abs($0) > quiet })
        else { return nil }
        let room = Self.rate / 20
        let kept = narrow[max(0, first - room)...min(narrow.count - 1, last + room)]
        self.init(samples: kept.map { Int16(clamping: Int(($0 * 16_384 / peak).rounded())) })
    }

    /// Every `step`-th sample behind a low pass: a sinc at 3.6 kHz under a Hann window.
    private static func narrowed(_ samples: [Int16], _ step: Int) -> [Double] {
        let reach = 16 * step
        let cut = 0.45 / Double(step)
        var weights = (-reach...reach).map { place -> Double in
            let x = Double(place)
            let sinc = place == 0 ? 2 * cut : sin(2 * .pi * cut * x) / (.pi * x)
            return sinc * (0.5 + 0.5 * sin(.pi * x / Double(reach + 1) + .pi / 2))
        }
        let sum = weights.reduce(0, +)
        for place in weights.indices { weights[place] /= sum }
        return stride(from: 0, to: samples.count, by: step).map { centre in
            var value = 0.0
            for (index, weight) in weights.enumerated() {
                let place = centre + index - reach
                if samples.indices.contains(place) { value += weight * Double(samples[place]) }
            }
            return value
        }
    }
}
