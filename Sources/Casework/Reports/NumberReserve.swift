import Storage
import Synchronization

/// Numbers set aside for new cases, so that a report can be sealed before it is written.
///
/// What isn't used before the process ends stays a gap; numbers are never given twice.
final class NumberReserve: Sendable {
    /// Few, so that the order of numbers stays close to the order of arrival where several servers run.
    static let together = 32
    private let left = Mutex<[Range<Int64>]>([])

    func take() -> Int64? {
        left.withLock { left in
            guard let range = left.first, let number = range.first else { return nil }
            if range.count == 1 { left.removeFirst() } else { left[0] = range.dropFirst() }
            return number
        }
    }

    /// Keeps fresh numbers but for the first, which it gives back.
    ///
    /// Several who find the reserve empty at once each fetch numbers: all of them are used.
    func fill(_ fresh: Range<Int64>) -> Int64 {
        left.withLock { if fresh.count > 1 { $0.append(fresh.dropFirst()) } }
        return fresh.lowerBound
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
