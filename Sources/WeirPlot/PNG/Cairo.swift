import Glibc

/// The functions of libcairo that are used here. The library is looked for when the first picture is wanted, so that nothing
/// else of weir needs it.
struct Cairo {
    /// Of C: `cairo_surface_t *` and `cairo_t *`.
    typealias Surface = OpaquePointer
    typealias Context = OpaquePointer
    /// `cairo_write_func_t`: 0 when the bytes were taken.
    typealias WriteBytes = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32) -> Int32
    /// A pointer to `cairo_text_extents_t`, which is six numbers.
    typealias Extents = UnsafeMutablePointer<Double>

    let makeSurface: @convention(c) (Int32, Int32, Int32) -> Surface?
    let surfaceStatus: @convention(c) (Surface) -> Int32
    let destroySurface: @convention(c) (Surface) -> Void
    let writePNG: @convention(c) (Surface, WriteBytes, UnsafeMutableRawPointer?) -> Int32
    let make: @convention(c) (Surface) -> Context?
    let destroy: @convention(c) (Context) -> Void
    let scale: @convention(c) (Context, Double, Double) -> Void
    let setColour: @convention(c) (Context, Double, Double, Double, Double) -> Void
    let setLineWidth: @convention(c) (Context, Double) -> Void
    let setLineJoin: @convention(c) (Context, Int32) -> Void
    let setDash: @convention(c) (Context, UnsafePointer<Double>?, Int32, Double) -> Void
    let moveTo: @convention(c) (Context, Double, Double) -> Void
    let lineTo: @convention(c) (Context, Double, Double) -> Void
    let closePath: @convention(c) (Context) -> Void
    let rectangle: @convention(c) (Context, Double, Double, Double, Double) -> Void
    let arc: @convention(c) (Context, Double, Double, Double, Double, Double) -> Void
    let fill: @convention(c) (Context) -> Void
    let stroke: @convention(c) (Context) -> Void
    let selectFont: @convention(c) (Context, UnsafePointer<CChar>, Int32, Int32) -> Void
    let setFontSize: @convention(c) (Context, Double) -> Void
    let textExtents: @convention(c) (Context, UnsafePointer<CChar>, Extents) -> Void
    let showText: @convention(c) (Context, UnsafePointer<CChar>) -> Void

    /// `CAIRO_FORMAT_RGB24`, `CAIRO_LINE_JOIN_ROUND`, `CAIRO_FONT_SLANT_NORMAL`.
    static let rgb24: Int32 = 1
    static let roundJoin: Int32 = 1
    static let upright: Int32 = 0

    /// - Throws: `PNGFailure`, when the library is not there.
    init() throws(PNGFailure) {
        guard let library = dlopen("libcairo.so.2", RTLD_NOW) else { throw .noLibrary }
        func find<Function>(_ name: String) throws(PNGFailure) -> Function {
            guard let place = dlsym(library, name) else { throw .noLibrary }
            // The types above are the declarations of these functions in cairo.h, which have not changed since version 1.2.
            return unsafeBitCast(place, to: Function.self)
        }
        makeSurface = try find("cairo_image_surface_create")
        surfaceStatus = try find("cairo_surface_status")
        destroySurface = try find("cairo_surface_destroy")
        writePNG = try find("cairo_surface_write_to_png_stream")
        make = try find("cairo_create")
        destroy = try find("cairo_destroy")
        scale = try find("cairo_scale")
        setColour = try find("cairo_set_source_rgba")
        setLineWidth = try find("cairo_set_line_width")
        setLineJoin = try find("cairo_set_line_join")
        setDash = try find("cairo_set_dash")
        moveTo = try find("cairo_move_to")
        lineTo = try find("cairo_line_to")
        closePath = try find("cairo_close_path")
        rectangle = try find("cairo_rectangle")
        arc = try find("cairo_arc")
        fill = try find("cairo_fill")
        stroke = try find("cairo_stroke")
        selectFont = try find("cairo_select_font_face")
        setFontSize = try find("cairo_set_font_size")
        textExtents = try find("cairo_text_extents")
        showText = try find("cairo_show_text")
    }
}

/// Why there is no PNG.
public enum PNGFailure: Error, Equatable, CustomStringConvertible {
    case noLibrary
    /// The picture has no room in memory.
    case notDrawn

    public var description: String {
        switch self {
        case .noLibrary:
            "PNG pictures are drawn by libcairo, which is not on this machine: install libcairo2 and fonts-dejavu-core "
                + "(as Debian calls them), or ask for SVG, which needs nothing"
        case .notDrawn: "libcairo could not draw the picture"
        }
    }
}
