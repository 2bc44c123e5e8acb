// Everything for people who are still outside.
import "../kit.ts";
import "./guest.ts";
import "./signin.ts";
import "../signup/confirm-email.ts";
import "../signup/finish.ts";
import "../signup/invitation.ts";
import "../signup/reset.ts";
import "../signup/sign-up.ts";
