// WeCom's own part of `wx`, absent in WeChat and in the public typings.
declare namespace WechatMiniprogram {
  interface Wx {
    qy?: { login(option: { success(result: { code: string }): void; fail(error: { errMsg: string }): void }): void };
  }
}
