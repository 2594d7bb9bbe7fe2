import CZBar

/// Finds QR codes in a picture.
public enum CodeReader {
    /// `Y800` as zbar writes it: a byte of grey a pixel.
    private static let format: UInt = 0x3030_3859

    /// How a picture is looked at, the cheapest first: as it is, and made finer and smoother as a FAX needs it.
    ///
    /// The standard resolution of a FAX has half as many lines down as dots across; a file that doesn't say so shows
    /// everything flat.
    private static let looks: [(across: Int, down: Int, blur: Int)] = [
        (1, 1, 0), (1, 2, 0), (2, 2, 2), (2, 4, 3),
    ]
    /// How many ways there are to look at a picture.
    public static var lookCount: Int { looks.count }
    /// Larger pictures aren't made finer still.
    private static let mostPixels = 60_000_000

    /// The texts of the codes that one look at a picture finds.
    ///
    /// - Parameters:
    ///   - picture: the page.
    ///   - number: which look, from 0; each costs more than the one before.
    /// - Returns: each text once for each code.
    public static func texts(in picture: GrayPicture, look number: Int) -> [String] {
        let look = looks[number]
        guard picture.width * look.across * picture.height * look.down <= mostPixels else { return [] }
        let seen = picture.enlarged(across: look.across, down: look.down)
        return scan(look.blur > 0 ? seen.blurred(look.blur) : seen)
    }

    /// The texts of the codes in a picture by as many looks as it takes to find one.
    static func texts(in picture: GrayPicture) -> [String] {
        for number in looks.indices {
            let found = texts(in: picture, look: number)
            if !found.isEmpty { return found }
        }
        return []
    }

    private static func scan(_ picture: GrayPicture) -> [String] {
        guard let scanner = zbar_image_scanner_create() else { return [] }
        defer { zbar_image_scanner_destroy(scanner) }
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0)
        zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1)
        guard let image = zbar_image_create() else { return [] }
        defer { zbar_image_destroy(image) }
        zbar_image_set_format(image, format)
        zbar_image_set_size(image, UInt32(picture.width), UInt32(picture.height))
        return picture.pixels.withUnsafeBytes { pixels in
            // The picture stays ours: zbar reads it within this closure and frees nothing.
            zbar_image_set_data(image, pixels.baseAddress, UInt(pixels.count), nil)
            guard zbar_scan_image(scanner, image) > 0 else { return [] }
            var texts: [String] = []
            var symbol = zbar_image_first_symbol(image)
            while let current = symbol {
                if let data = zbar_symbol_get_data(current) {
                    let length = Int(zbar_symbol_get_data_length(current))
                    let bytes = UnsafeRawBufferPointer(start: data, count: length)
                    texts.append(String(decoding: bytes, as: UTF8.self))
                }
                symbol = zbar_symbol_next(current)
            }
            return texts
        }
    }
}
