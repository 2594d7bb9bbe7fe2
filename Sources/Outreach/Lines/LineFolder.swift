import Foundation

/// The folder in which the engines' settings and the sounds lie while they run; only its owner may look into it.
struct LineFolder: Sendable {
    /// Its path, short: the engine takes commands of 255 bytes.
    let path: String

    /// What can go wrong with it.
    struct Failure: Error {}

    /// Makes a fresh folder in `$RUNTIME_DIRECTORY`, which systemd gives, or among temporary files.
    init() throws {
        let parent = ProcessInfo.processInfo.environment["RUNTIME_DIRECTORY"] ?? "/tmp"
        var template = Array("\(parent)/hersys-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer -> String? in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made, made.utf8.count < 100 else { throw Failure() }
        path = made
    }

    /// Where the sound of a piece lies.
    func sound(_ clip: Clip) -> String { "\(path)/\(clip.name).wav" }

    /// Where silence lies: what an engine has before it is told what to play.
    var silence: String { "\(path)/silence.wav" }

    /// Copies the sounds, each with silence behind it: at the end of a file the engine hangs up.
    ///
    /// The silence is longer than any wait and not endless: an engine that hears no more from us ends its call.
    func fill(_ sounds: [Clip: Sound]) throws {
        for (clip, sound) in sounds { try write(sound.padded(seconds: Self.padding).file, to: self.sound(clip)) }
        try write(Sound(samples: []).padded(seconds: Self.padding).file, to: silence)
    }

    /// Seconds of silence behind each sound.
    private static let padding = 20

    /// Writes the settings of a line; returns its folder.
    func prepare(line: Int, _ trunk: Trunk) throws -> String {
        let folder = "\(path)/\(line)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(Array(trunk.configuration(line: line, silence: silence).utf8), to: "\(folder)/config")
        try write(Array(trunk.account().utf8), to: "\(folder)/accounts")
        try write([], to: "\(folder)/contacts")
        return folder
    }

    /// Removes the folder with everything in it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func write(_ bytes: [UInt8], to file: String) throws {
        let made = FileManager.default.createFile(
            atPath: file,
            contents: Data(bytes),
            attributes: [.posixPermissions: 0o600]
        )
        guard made else { throw Failure() }
    }
}
