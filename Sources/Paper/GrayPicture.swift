/// A picture in shades of grey, a byte a pixel, 0 black.
public struct GrayPicture: Sendable, Hashable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// Row by row.
    public let pixels: [UInt8]

    /// A picture; nil where the pixels aren't as many as the measures say.
    public init?(width: Int, height: Int, pixels: [UInt8]) {
        guard width > 0, height > 0, pixels.count == width * height else { return nil }
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// Larger by whole factors with the steps smoothed out: the jagged edges of a FAX become edges again.
    ///
    /// - Parameters:
    ///   - across: factor of the width.
    ///   - down: factor of the height.
    /// - Returns: the larger picture.
    func enlarged(across: Int, down: Int) -> GrayPicture {
        guard across > 1 || down > 1 else { return self }
        let (wide, high) = (width * across, height * down)
        var result = [UInt8](repeating: 255, count: wide * high)
        // A triangle as wide as two source pixels: linear between their centres.
        var columns: [(left: Int, right: Int, share: Int)] = []
        columns.reserveCapacity(wide)
        for x in 0..<wide { columns.append(Self.between(x, across, width)) }
        pixels.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                for y in 0..<high {
                    let row = Self.between(y, down, height)
                    let (upper, lower, start) = (row.left * width, row.right * width, y * wide)
                    for x in 0..<wide {
                        let column = columns[x]
                        let above =
                            Int(source[upper + column.left]) * (256 - column.share)
                            + Int(source[upper + column.right]) * column.share
                        let below =
                            Int(source[lower + column.left]) * (256 - column.share)
                            + Int(source[lower + column.right]) * column.share
                        target[start + x] = UInt8((above * (256 - row.share) + below * row.share) >> 16)
                    }
                }
            }
        }
        return GrayPicture(width: wide, height: high, pixels: result) ?? self
    }

    /// Every pixel the mean of its neighbourhood of that radius, twice: single specks vanish.
    func blurred(_ radius: Int) -> GrayPicture {
        var current = pixels
        for _ in 0..<2 {
            current = Self.means(current, lines: height, length: width, step: 1, next: width, radius)
            current = Self.means(current, lines: width, length: height, step: width, next: 1, radius)
        }
        return GrayPicture(width: width, height: height, pixels: current) ?? self
    }

    private static func between(_ place: Int, _ factor: Int, _ count: Int) -> (left: Int, right: Int, share: Int) {
        let at = (2 * place + 1) * 128 / factor - 128
        guard at > 0 else { return (0, 0, 0) }
        let left = min(at >> 8, count - 1)
        return (left, min(left + 1, count - 1), at & 255)
    }

    private static func means(
        _ source: [UInt8],
        lines: Int,
        length: Int,
        step: Int,
        next: Int,
        _ radius: Int
    ) -> [UInt8] {
        var result = source
        source.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                for line in 0..<lines {
                    let start = line * next
                    var (sum, count) = (0, 0)
                    for place in 0..<min(radius, length) {
                        sum += Int(source[start + place * step])
                        count += 1
                    }
                    for place in 0..<length {
                        if place + radius < length {
                            sum += Int(source[start + (place + radius) * step])
                            count += 1
                        }
                        if place > radius {
                            sum -= Int(source[start + (place - radius - 1) * step])
                            count -= 1
                        }
                        target[start + place * step] = UInt8(sum / count)
                    }
                }
            }
        }
        return result
    }
}
