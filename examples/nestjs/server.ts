/*
 * NestJS on Express, with @nestjs/passport.
 *
 *   npm install passport-metafy passport @nestjs/passport @nestjs/common @nestjs/core \
 *     @nestjs/platform-express express-session reflect-metadata rxjs
 *   npm install --save-dev typescript @types/express-session
 *
 * The compiler needs `experimentalDecorators` and `emitDecoratorMetadata`, as `nest new` sets them.
 */
import 'reflect-metadata';
import {
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  Injectable,
  Module,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportSerializer, PassportStrategy } from '@nestjs/passport';
import type { Request, Response } from 'express';
import session from 'express-session';
import passport from 'passport';
import { MetafyError, type MetafyProfile, MetafyStrategy } from 'passport-metafy';

interface User {
  id: string;
  name?: string;
}

@Injectable()
class SignInWithMetafy extends PassportStrategy(MetafyStrategy) {
  constructor() {
    super({
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: '/auth/metafy/callback',
      baseURL: process.env.METAFY_URL,
    });
  }

  validate(_accessToken: string, _refreshToken: string, profile: MetafyProfile): User {
    return { id: profile.id, name: profile.displayName };
  }
}

@Injectable()
class MetafyGuard extends AuthGuard('metafy') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    // Keeps the user in the session.
    await this.logIn(context.switchToHttp().getRequest());
    return true;
  }

  // Nest would answer 401 to a sign-in that has failed for any reason, and 500 while Metafy is away.
  override handleRequest<Found = User>(
    error: unknown,
    user: Found | false | null,
    info: { message?: string } | undefined,
    _context: ExecutionContext,
    status = 401,
  ): Found {
    if (error instanceof MetafyError) throw new HttpException('Metafy is not available.', error.status);
    if (error) throw error;
    if (!user) throw new HttpException(info?.message ?? 'You are not signed in.', status);
    return user;
  }
}

@Injectable()
class WholeUser extends PassportSerializer {
  serializeUser(user: User, done: (error: null, user: User) => void): void {
    done(null, user);
  }

  deserializeUser(user: User, done: (error: null, user: User) => void): void {
    done(null, user);
  }
}

@Controller()
class Pages {
  @Get('auth/metafy')
  @UseGuards(MetafyGuard)
  start(): void {
    // The guard has sent the browser to Metafy.
  }

  @Get('auth/metafy/callback')
  @UseGuards(MetafyGuard)
  finish(@Res() res: Response): void {
    res.redirect('/');
  }

  @Get('login')
  showLogin(): string {
    return '<a href="/auth/metafy">Sign in with Metafy</a>';
  }

  @Get()
  greet(@Req() req: Request, @Res() res: Response): void {
    const user = req.user as User | undefined;
    if (user) res.type('text').send(`Hello, ${user.name}`);
    else res.redirect('/login');
  }
}

@Module({ controllers: [Pages], providers: [SignInWithMetafy, WholeUser] })
class Application {}

async function serve(): Promise<void> {
  const { SESSION_SECRET = '', PORT = '3000' } = process.env;
  const app = await NestFactory.create(Application, { logger: ['error', 'warn'] });
  app.use(
    session({
      secret: SESSION_SECRET,
      resave: false,
      saveUninitialized: false,
      cookie: { sameSite: 'lax', secure: 'auto' },
    }),
  );
  app.use(passport.session());
  await app.listen(PORT, '127.0.0.1');
  console.log(await app.getUrl());
}

serve();
