import Catalogue

/// SplitMix64: the same texts in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Result where Failure == ReadingFailure {
    var value: Success? {
        try? get()
    }

    var code: String? {
        if case .failure(let failure) = self { failure.code } else { nil }
    }

    var message: String? {
        if case .failure(let failure) = self { failure.message } else { nil }
    }
}

extension String {
    /// What Swift's `==` hides: the scalars themselves.
    var hex: [UInt32] {
        unicodeScalars.map(\.value)
    }
}

enum TextSample {
    /// 2020-05-22.
    static let today = CalendarDate(dayNumber: 18_404)
}
