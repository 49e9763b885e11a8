"""The producer's knobs."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from common.contracts.production import Format
from pydantic import Field, SecretStr, model_validator
from vendors.text_model.settings import TextModelSettings


class Settings(TextModelSettings):
    """What the producer is told besides what every service is."""

    clips: Literal["storyboard", "openai_videos", "openrouter_videos", "pexels", "pixabay", "off"] = "storyboard"
    """Who films. `storyboard` is the animated storyboard renderer; `pexels` and `pixabay` find stock
    footage, the other vendors film. `off` refuses every clip."""
    clips_mode: Literal["real", "sandbox"] = "real"
    """Whether the vendor at `clips_url` is the real one, or the sandbox, whose clips are marked as such."""
    clips_url: str = ""
    """Where it is: up to `/videos` for those that film, up to `/v1` for Pexels and up to `/api` for Pixabay."""
    clips_key: SecretStr = SecretStr("")
    """Our key there. A vendor that is chosen without one refuses every clip, and says so."""
    clips_model: str = "sora-2"
    """The model's name there."""
    clips_lengths: tuple[int, ...] = Field(default=(4, 8), min_length=1)
    """The seconds that the model films, for a vendor whose models differ (OpenRouter's `/videos/models`)."""
    clips_usd_per_second: Decimal = Field(default=Decimal("0.10"), ge=0)
    """What a second of footage costs there; a clip may cost this for each second that is ordered."""
    clips_webhook: str = "sora"
    """Under which name the vendor's calls come to `/v1/webhooks/…`; the orchestrator's `webhook_secrets` has it too."""
    clips_fallback: Literal["none", "storyboard"] = "none"
    """What is done when the vendor cannot or will not film: an error, or the storyboard and a downgrade."""
    clips_poll_seconds: float = Field(default=20, gt=0)
    """How often a vendor is asked that does not call."""
    clips_patience_seconds: float = Field(default=1800, gt=0)
    """After how long a clip that is not done has failed."""
    clips_delete: bool = False
    """Whether the vendor's copy is deleted once we have ours."""
    speech: Literal["espeak", "festival", "openai_speech", "elevenlabs", "off"] = "espeak"
    """Who speaks. `espeak` is a draft voice that needs no network, and so is `festival`, where its `text2wave` is
    installed; the others are vendors. `off` refuses every text."""
    speech_mode: Literal["real", "sandbox"] = "real"
    """Whether the vendor at `speech_url` is the real one, or the sandbox, whose voice is marked as such."""
    speech_url: str = ""
    """Where it is: up to `/audio` for OpenAI's shape, up to `/v1` for ElevenLabs."""
    speech_key: SecretStr = SecretStr("")
    """Our key there. A vendor that is chosen without one refuses every text, and says so."""
    speech_model: str = ""
    """Empty: `gpt-4o-mini-tts`, or `eleven_multilingual_v2`."""
    speech_voice: str = ""
    """The voice's name or id there. Empty: `coral`, ElevenLabs' `JBFqnCBsd6RMkjVDRZzb`, or Festival's own choice."""
    speech_usd_per_1000_characters: Decimal = Field(default=Decimal("0.20"), ge=0)
    """What a thousand characters cost there."""
    speech_fallback: Literal["none", "espeak"] = "none"
    """What is done when the vendor cannot or will not speak: an error, or the draft voice and a downgrade."""
    design: Literal["local", "canva", "off"] = "local"
    """Who designs. `local` draws with the templates of the storyboard; `canva` fills a brand template of yours. `off`
    refuses every design."""
    design_mode: Literal["real", "sandbox"] = "real"
    """Whether the vendor at `design_url` is the real one, or the sandbox, whose designs are marked as such."""
    design_url: str = ""
    """Where it is: up to `/v1`."""
    design_client_id: str = ""
    """Our client's id there (OAuth 2). Canva is asked only with all three: this, the secret and a refresh token."""
    design_client_secret: SecretStr = SecretStr("")
    """That client's secret. The tokens in the database are encrypted with it: another one means connecting anew."""
    design_refresh_token: SecretStr = SecretStr("")
    """The first refresh token, which a person got by consenting (docs/vendors.md). It is good once: from then on the
    database has the one that is good. Another one here starts anew."""
    design_template: str = ""
    """The brand template's id there. Its text fields named headline, kicker and detail are filled."""
    design_fallback: Literal["none", "local"] = "none"
    """What is done when the vendor cannot or will not design: an error, or our own templates and a downgrade."""
    design_poll_seconds: float = Field(default=1, gt=0)
    """How often the vendor is asked whether a design is done."""
    design_patience_seconds: float = Field(default=45, gt=0)
    """How long one job of a design may take; there are two, and whoever asked waits for both."""
    video: Literal["off", "descript"] = "off"
    """Who makes whole videos of scripts (`POST /create-video-content`). `off` refuses each."""
    video_mode: Literal["real", "sandbox"] = "real"
    """Whether the vendor at `video_url` is the real one, or the sandbox, whose videos are marked as such."""
    video_url: str = ""
    """Where it is: up to `/jobs`."""
    video_key: SecretStr = SecretStr("")
    """Our token there. A vendor that is chosen without one refuses every video, and says so."""
    video_usd_each: Decimal = Field(default=Decimal(0), ge=0)
    """What one video is counted with. Descript bills in credits of its own and says no price; 0 counts nothing."""
    video_poll_seconds: float = Field(default=20, gt=0)
    """How often the vendor is asked; it does not call."""
    video_patience_seconds: float = Field(default=3600, gt=0)
    """After how long a video that is not done has failed."""
    uploads_bytes: int = Field(default=10 << 30, ge=0)
    """How many bytes of music and footage a tenant may bring along, in all."""
    render_scale: float = Field(default=1.0, ge=0.1, le=2.0)
    """1 is 1080×1920; 0.25 makes 270×480 previews of the same film."""
    clips_at_once: int = Field(default=2, ge=1)
    """How many clips one process films at once; each uses one core."""

    @model_validator(mode="after")
    def _asks_real_vendors_in_production(self) -> Self:
        vendors = {
            "clips": (self.clips, self.clips_mode, self.clips_url),
            "speech": (self.speech, self.speech_mode, self.speech_url),
            "design": (self.design, self.design_mode, self.design_url),
            "video": (self.video, self.video_mode, self.video_url),
        }
        for port, (chosen, mode, url) in vendors.items():
            if chosen in {"storyboard", "espeak", "festival", "local", "off"}:
                continue
            name = f"GREENLIGHT_{port.upper()}"
            if self.environment == "production" and mode == "sandbox" and port not in self.allow_stand_ins:
                raise ValueError(f'{name}_MODE=sandbox needs GREENLIGHT_ALLOW_STAND_INS=["{port}"] in production')
            if not url:
                raise ValueError(f"{name}={chosen} needs {name}_URL")
        return self

    @property
    def design_lacks(self) -> str | None:
        """The first variable of those that a vendor of designs needs to let us in, and that is not set."""
        needed = {
            "CLIENT_ID": self.design_client_id,
            "CLIENT_SECRET": self.design_client_secret.get_secret_value(),
            "REFRESH_TOKEN": self.design_refresh_token.get_secret_value(),
        }
        return next((f"GREENLIGHT_DESIGN_{name}" for name, value in needed.items() if not value), None)

    @property
    def picture(self) -> Format:
        """The size of what is filmed, in even numbers of pixels as H.264 wants them."""
        return Format(width=_even(1080 * self.render_scale), height=_even(1920 * self.render_scale))


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
