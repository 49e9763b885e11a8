"""How a clip's own frames become the film's: taken out, brought to its rate, fitted into its shape, and moved over.

Each function returns a piece of a filter graph. A frame's number `n` counts from the scene's first frame, never from
the film's, so a scene looks the same wherever it stands.
"""

from __future__ import annotations

from common.contracts.editing import Scene
from common.contracts.production import Format
from common.contracts.scenes import Fit, KenBurns, View

IN_BT709 = "scale=out_color_matrix=bt709:out_range=tv"
"""Brings what is red, green and blue, as images are, to the colours that films say they have. By itself ffmpeg takes
those of standard definition, and every logo would be off by a shade."""
_IS_BT709 = "setparams=colorspace=bt709:range=tv"
"""Clips come in these colours, whether they say so or not; what meets a logo would else be changed to what it says."""
_EARLY_S = 0.002
"""How much before a frame its time is looked for: clocks of containers round to a millisecond."""


def is_still(scene: Scene) -> bool:
    """Say whether a scene shows an image instead of a film."""
    return scene.clip.video.media_type.startswith("image/")


def seek_args(scene: Scene, frames: range, *, fps: int) -> list[str]:
    """Return ffmpeg's input options that begin reading where these frames of the scene are."""
    if is_still(scene):
        return ["-loop", "1", "-framerate", str(fps)]
    if is_retimed(scene):
        at = scene.trim_ms / 1000 + frames.start * scene.speed / fps - _EARLY_S
        return ["-ss", f"{at:.6f}"] if at > 0 else []
    # Half a frame early, so that rounding can never skip the first frame that is wanted.
    return ["-ss", f"{(frames.start - 0.5) / fps:.6f}"] if frames.start else []


def is_retimed(scene: Scene) -> bool:
    """Say whether a clip's frames are not simply the scene's."""
    return scene.trim_ms > 0 or scene.speed != 1.0


def frames_filter(scene: Scene, frames: range, *, fps: int) -> str:
    """Take exactly these frames and number them from zero."""
    if is_retimed(scene) and not is_still(scene):
        return (
            f"setpts=PTS/{scene.speed:g},fps={fps}:start_time=0:round=near,trim=end_frame={len(frames)},"
            f"settb=1/{fps},setpts=N"
        )
    return f"trim=end_frame={len(frames)},settb=1/{fps},setpts=N,fps={fps}"


def picture_graph(scene: Scene, frames: range, size: Format, *, stream: int, into: str) -> str:
    """Return the graph from an input stream to the pad `into`: these frames at the film's size, rate and shape."""
    taken = f"[{stream}:v]{frames_filter(scene, frames, fps=size.fps)}"
    fitted = _fit(scene, size, pad=f"{stream}")
    coloured = f"{IN_BT709},format=yuv444p" if is_still(scene) else _IS_BT709
    moved = f",{_move(scene.motion, frames, total=scene.frames)}" if scene.motion else ""
    return f"{taken},{coloured},{fitted},setsar=1{moved}{into}"


def _fit(scene: Scene, size: Format, *, pad: str) -> str:
    """Give a picture the film's size: it fills the film and loses edges, or is shown whole."""
    fills = f"{size.width}:{size.height}:flags=bicubic"
    if scene.fit is Fit.COVER:
        # Also where the shape is said to be the film's: a clip that is not what was said is cut, never stretched.
        focus = scene.focus
        across = f"scale={fills}:force_original_aspect_ratio=increase"
        return f"{across},crop={size.width}:{size.height}:'(iw-ow)*{focus.x:g}':'(ih-oh)*{focus.y:g}'"
    if (scene.shape or size).has_shape_of(size) and not is_still(scene):
        return f"scale={fills}"
    # Behind a picture that is shown whole lies itself, far out of focus. Blurred small, which costs almost nothing.
    small_w, small_h = _even(size.width / 10), _even(size.height / 10)
    behind = (
        f"scale={small_w}:{small_h}:flags=bilinear:force_original_aspect_ratio=increase,crop={small_w}:{small_h},"
        f"gblur=sigma=6,eq=brightness=-0.12:saturation=1.1,scale={fills},setsar=1,noise=alls=4:allf=t+u:all_seed=7"
    )
    whole = f"scale={fills}:force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1"
    return (
        f"split[far{pad}][near{pad}];[far{pad}]{behind}[ground{pad}];[near{pad}]{whole}[whole{pad}];"
        f"[ground{pad}][whole{pad}]overlay=(W-w)/2:(H-h)/2:shortest=1"
    )


def _move(motion: KenBurns, frames: range, *, total: int) -> str:
    """Glide over the picture from one view to another, slow at both ends, with parts of a pixel."""
    # `perspective` counts the frames it gives from 1.
    share = f"min(1,({frames.start - 1}+on)/{max(1, total - 1)})"
    eased = f"(0.5-0.5*cos(PI*{share}))"

    def between(start: float, end: float) -> str:
        return f"({start:.5f}+({end - start:.5f})*{eased})"

    start, end = _inside(motion.start), _inside(motion.end)
    half = f"(0.5/{between(motion.start.zoom, motion.end.zoom)})"
    x, y = between(start[0], end[0]), between(start[1], end[1])
    # A view's half size follows the zoom's inverse while its centre moves evenly: it could look over the edge on the
    # way, so the centre is held inside on every frame.
    x, y = (f"clip({at},{half},1-{half})" for at in (x, y))
    left, right, top, bottom = f"({x}-{half})", f"({x}+{half})", f"({y}-{half})", f"({y}+{half})"
    corners = ((left, top), (right, top), (left, bottom), (right, bottom))
    names = ":".join(f"x{i}='W*{cx}':y{i}='H*{cy}'" for i, (cx, cy) in enumerate(corners))
    return f"perspective={names}:interpolation=cubic:eval=frame"


def _inside(view: View) -> tuple[float, float]:
    """Return a view's centre such that it does not look over the edge."""
    half = 0.5 / view.zoom
    return min(max(view.x, half), 1 - half), min(max(view.y, half), 1 - half)


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))
