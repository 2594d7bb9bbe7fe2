import Storage
import Synchronization

/// Numbers set aside for new cases, so that a report can be sealed before it is written.
///
/// What isn't used before the process ends stays a gap; numbers are never given twice.
final class NumberReserve: Sendable {
    /// Few, so that the order of numbers stays close to the order of arrival where several servers run.
    static let together = 32
    private let left = Mutex<Range<Int64>>(0..<0)

    func take() -> Int64? {
        left.withLock { left in
            guard let first = left.first else { return nil }
            left = left.dropFirst()
            return first
        }
    }

    /// Keeps fresh numbers; gives one of them.
    ///
    /// Numbers of a reserve filled meanwhile by somebody else stay first.
    func fill(_ fresh: Range<Int64>) -> Int64 {
        left.withLock { left in
            if left.isEmpty { left = fresh.dropFirst() }
            return fresh.lowerBound
        }
    }
}

extension Casework {
    /// A number that no case has had.
    func reserveNumber() async throws -> Int64 {
        if let number = numbers.take() { return number }
        let cases = self.cases
        return numbers.fill(try await engine.write { try cases.allocate(NumberReserve.together, $0) })
    }
}
